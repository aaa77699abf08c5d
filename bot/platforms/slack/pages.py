"""The few web pages somebody sees who installs the bot, in two languages at once: who it is, we do
not know yet."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address holds a code
    "X-Content-Type-Options": "nosniff",
}
_FRAME = Markup(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Koppel</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
    "body{{font:1.05rem/1.55 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1.2rem;"
    "color:#1d2b2a;background:#fbfaf7}}h1{{font-size:1.5rem}}section+section{{margin-top:2rem;"
    "padding-top:2rem;border-top:1px solid #ccd5d1}}a{{color:#0b5f57}}.go{{display:inline-block;"
    "padding:.7rem 1.2rem;border-radius:.5rem;background:#0b5f57;color:#fff;text-decoration:none}}"
    "small{{color:#4d5f5c}}@media(prefers-color-scheme:dark){{body{{color:#e8eeec;background:#16201f}}"
    "a{{color:#7fd1c5}}.go{{background:#7fd1c5;color:#16201f}}small{{color:#a9bab6}}}}"
    "</style></head><body>{body}</body></html>"
)


@dataclass(frozen=True)
class _Said:
    """What a page says in one language; `{name}` is the workspace, `go` the words of the link."""

    title: str
    text: str
    go: str = ""


# By what happened: in English and in Dutch.
_WORDS: dict[str, tuple[_Said, _Said]] = {
    "begin": (
        _Said(
            "Bring Koppel into your workspace",
            "Slack shows you what Koppel may do. It reads what people say to Koppel itself, never what "
            "they say to each other.",
            "Add to Slack",
        ),
        _Said(
            "Haal Koppel in je workspace",
            "Slack laat je zien wat Koppel mag. Koppel leest wat mensen tegen Koppel zeggen, en nooit "
            "wat ze tegen elkaar zeggen.",
            "Toevoegen aan Slack",
        ),
    ),
    "installed": (
        _Said(
            "Welcome! Koppel is now in {name}",
            "Open Slack and say hello to Koppel: there you make your first programme. You can close "
            "this page.",
            "Open Slack",
        ),
        _Said(
            "Welkom! Koppel is nu in {name}",
            "Open Slack en zeg hallo tegen Koppel: daar maak je je eerste programma. Deze pagina mag "
            "je sluiten.",
            "Slack openen",
        ),
    ),
    "access_denied": (
        _Said(
            "All right, nothing has changed",
            "You stopped before Koppel was installed. Whenever you like, you can begin again.",
            "Begin again",
        ),
        _Said(
            "Prima, er is niets veranderd",
            "Je bent gestopt voordat Koppel was geïnstalleerd. Je kunt opnieuw beginnen wanneer je "
            "wilt.",
            "Opnieuw beginnen",
        ),
    ),
    "expired": (
        _Said(
            "Let us try that once more",
            "This page belongs to an attempt that is over: perhaps it was reloaded, or begun in "
            "another browser, or it took more than ten minutes.",
            "Begin again",
        ),
        _Said(
            "Laten we het nog eens proberen",
            "Deze pagina hoort bij een poging die voorbij is: misschien is ze opnieuw geladen, in een "
            "andere browser begonnen, of duurde het langer dan tien minuten.",
            "Opnieuw beginnen",
        ),
    ),
    "not_welcome": (
        _Said(
            "This Koppel does not serve {name}",
            "It is kept for certain workspaces. Nothing was installed and nothing stored. Ask whoever "
            "runs it to add yours to the list.",
        ),
        _Said(
            "Deze Koppel is er niet voor {name}",
            "Hij is bedoeld voor bepaalde workspaces. Er is niets geïnstalleerd en niets bewaard. "
            "Vraag de beheerder om die van jou op de lijst te zetten.",
        ),
    ),
    "org_wide": (
        _Said(
            "Please choose one workspace",
            "Koppel is installed in a workspace, not in a whole organisation at once. Nothing was "
            "stored. Begin again and choose a workspace at the top right of Slack's page.",
            "Begin again",
        ),
        _Said(
            "Kies alsjeblieft één workspace",
            "Koppel installeer je in een workspace, niet in een hele organisatie tegelijk. Er is "
            "niets bewaard. Begin opnieuw en kies rechtsboven op de pagina van Slack een workspace.",
            "Opnieuw beginnen",
        ),
    ),
    "failed": (
        _Said(
            "Sorry, that did not work",
            "It is not your fault. Try again in a few minutes; when it keeps failing, tell whoever "
            "runs this Koppel the word below.",
            "Begin again",
        ),
        _Said(
            "Sorry, dat is niet gelukt",
            "Het ligt niet aan jou. Probeer het over een paar minuten opnieuw; blijft het misgaan, "
            "geef dan het woord hieronder door aan de beheerder van deze Koppel.",
            "Opnieuw beginnen",
        ),
    ),
}


def page(what: str, *, link: str = "", name: str = "", detail: str = "") -> str:
    """A whole page about what happened; `detail` is a word that helps whoever runs the bot."""
    sections = [
        _section(language, said, link, name)
        for language, said in zip(("en", "nl"), _WORDS[what], strict=True)
    ]
    small = Markup("<p><small>{}</small></p>").format(detail) if detail else Markup()
    return str(_FRAME.format(body=Markup("").join(sections) + small))


def _section(language: str, said: _Said, link: str, name: str) -> Markup:
    go = Markup('<p><a class="go" href="{}">{}</a></p>').format(link, said.go)
    workspace = name or {"en": "your workspace", "nl": "je workspace"}[language]
    return Markup('<section lang="{}"><h1>{}</h1><p>{}</p>{}</section>').format(
        language,
        escape(said.title).format(name=workspace),
        escape(said.text),
        go if link and said.go else "",
    )
