# Koppel in a container: no root, nothing of it to be written but /data, and a health check.
#   docker build -t koppel .        compose.yaml starts it beside PostgreSQL
FROM python:3.12-slim AS made
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /koppel
COPY requirements.lock ./
RUN /koppel/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY scheduler scheduler
COPY storage storage
RUN /koppel/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home koppel && install -d -o koppel -m 700 /data
COPY --from=made /koppel /koppel
USER koppel
WORKDIR /data
ENV PATH=/koppel/bin:$PATH PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp \
    KOPPEL_HOST=0.0.0.0 KOPPEL_PORT=8080 KOPPEL_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['KOPPEL_PORT']}/healthz\", timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["koppel"]
CMD ["run"]
