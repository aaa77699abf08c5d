"""Teams' settings: one bot in one tenant, and whatever does not fit is named with a remedy."""

from __future__ import annotations

import pytest

from tests.slack.test_settings import SECRET, SEVERAL, Given, problems
from tests.slack.test_settings import given as given

APP = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
PASSWORD = f"8Q~{SECRET}.abcdefghijklmnopqrstuvwxyz"
BOT = {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": PASSWORD, "TEAMS_TENANT_ID": TENANT}
MANAGED = {"TEAMS_APP_ID": APP, "TEAMS_TENANT_ID": TENANT, "TEAMS_APP_TYPE": "UserAssignedMSI"}
SLACK = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_APP_TOKEN": f"xapp-{SECRET}"}


def test_a_bot_with_a_secret_is_read_as_azure_and_people_write_it(given: Given) -> None:
    teams = given(
        BOT | {"TEAMS_APP_ID": f" {APP.upper()} ", "TEAMS_APP_TYPE": "singletenant"}
    ).teams
    assert teams is not None and teams.app_password is not None
    assert (teams.app_id, teams.tenant_id, teams.app_type) == (APP, TENANT, "SingleTenant")
    assert teams.app_password.get_secret_value() == PASSWORD
    assert (teams.managed_identity, teams.playground) == (False, False)


def test_a_managed_identity_needs_no_secret(given: Given) -> None:
    teams = given(MANAGED).teams
    assert teams is not None
    assert (teams.managed_identity, teams.app_password) == (True, None)


def test_without_any_word_about_teams_there_is_no_teams(given: Given) -> None:
    assert given({"KOPPEL_PUBLIC_URL": "https://koppel.example.com"}).teams is None
    assert given({"TEAMS_APP_ID": "", "TEAMS_PLAYGROUND": "false"}).teams is None


@pytest.mark.parametrize("left_out", BOT)
def test_what_is_missing_is_named_with_where_to_find_it(left_out: str, given: Given) -> None:
    rest = {name: value for name, value in BOT.items() if name != left_out}
    [problem] = problems(given, rest)
    assert problem.startswith(f"{left_out}: this is missing: it is the ")
    assert f"Example: {left_out}=" in problem


def test_everything_that_is_missing_is_named_at_once(given: Given) -> None:
    found = problems(given, {"TEAMS_APP_TYPE": "SingleTenant"})
    assert [problem.partition(":")[0] for problem in found] == [
        "TEAMS_APP_ID",
        "TEAMS_TENANT_ID",
        "TEAMS_APP_PASSWORD",
    ]


def test_a_secret_beside_a_managed_identity_is_one_too_many(given: Given) -> None:
    [problem] = problems(given, MANAGED | {"TEAMS_APP_PASSWORD": PASSWORD})
    assert problem.startswith("TEAMS_APP_PASSWORD: leave it out beside UserAssignedMSI")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("TEAMS_APP_ID", SECRET, "the Microsoft App ID of the bot, a GUID"),
        ("TEAMS_TENANT_ID", f"{SECRET}.onmicrosoft.com", "a GUID and not its name"),
        ("TEAMS_APP_PASSWORD", f"{SECRET} {SECRET}", "a client secret, without spaces"),
        ("TEAMS_APP_TYPE", "MultiTenant", "no multi-tenant bots any more"),
        ("TEAMS_APP_TYPE", SECRET, "SingleTenant or UserAssignedMSI"),
        ("TEAMS_PLAYGROUND", SECRET, "true or false"),
    ],
)
def test_a_wrong_value_is_named_with_the_reason_and_never_repeated(
    name: str, value: str, reason: str, given: Given
) -> None:
    [problem] = problems(given, BOT | {name: value})
    assert problem.startswith(f"{name}: ")
    assert reason in problem
    assert f"Example: {name}=" in problem


def test_the_id_of_a_secret_is_not_the_secret(given: Given) -> None:
    [problem] = problems(
        given, BOT | {"TEAMS_APP_PASSWORD": "8F4C1D2E-3a5b-4c6d-9e7f-0a1b2c3d4e5f"}
    )
    assert "most likely the Secret ID; the secret itself stands beside it under Value" in problem
    assert "8F4C1D2E" not in problem


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("MicrosoftAppId", "TEAMS_APP_ID"),
        ("MICROSOFT_APP_ID", "TEAMS_APP_ID"),
        ("MicrosoftAppPassword", "TEAMS_APP_PASSWORD"),
        ("MICROSOFT_APP_PASSWORD", "TEAMS_APP_PASSWORD"),
        ("MicrosoftAppTenantId", "TEAMS_TENANT_ID"),
        ("MICROSOFT_APP_TENANT_ID", "TEAMS_TENANT_ID"),
        ("MicrosoftAppType", "TEAMS_APP_TYPE"),
    ],
)
def test_a_name_from_microsofts_samples_is_answered_with_ours(
    theirs: str, ours: str, given: Given
) -> None:
    rest = {name: value for name, value in BOT.items() if name != ours}
    [problem] = problems(given, rest | {theirs: BOT.get(ours, "SingleTenant")})
    assert problem == f"{theirs}: Koppel calls this {ours}; give it that name"


def test_a_name_from_microsofts_samples_may_stand_beside_ours(given: Given) -> None:
    assert given(BOT | {"MicrosoftAppId": APP, "MicrosoftAppType": ""}).teams is not None
    assert given({"MICROSOFT_PROVIDER_AUTHENTICATION_SECRET": SECRET}).teams is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"])
def test_the_playground_needs_nothing_but_this_machine(host: str, given: Given) -> None:
    teams = given({"TEAMS_PLAYGROUND": "true", "KOPPEL_HOST": host}).teams
    assert teams is not None
    assert teams.playground


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "koppel.example.com", "::"])
def test_in_a_playground_that_others_can_reach_nobody_would_be_sure_who_speaks(
    host: str, given: Given
) -> None:
    [problem] = problems(given, {"TEAMS_PLAYGROUND": "true", "KOPPEL_HOST": host})
    assert problem.startswith("TEAMS_PLAYGROUND: only with KOPPEL_HOST=127.0.0.1")


@pytest.mark.parametrize("beside", BOT)
def test_a_playground_does_not_go_beside_a_real_bot(beside: str, given: Given) -> None:
    [problem] = problems(given, {"TEAMS_PLAYGROUND": "on", beside: BOT[beside]})
    assert problem.startswith(f"TEAMS_PLAYGROUND: leave it out beside {beside}")


def test_slack_and_teams_go_together(given: Given) -> None:
    found = given(BOT | SLACK)
    assert found.slack and found.teams
    assert found.platforms_configured == ("Slack", "Teams")


def test_beside_slack_workspaces_that_install_koppel_the_employer_is_named(given: Given) -> None:
    first, second = problems(given, BOT | SEVERAL)
    assert first.startswith("KOPPEL_ORGANISATION: this is missing: with SLACK_CLIENT_ID each Slack")
    assert second.startswith("SLACK_WORKSPACES: this is missing: ")
    told = {"KOPPEL_ORGANISATION": "Waterkant", "SLACK_WORKSPACES": "T1"}
    assert given(BOT | SEVERAL | told).teams is not None


def test_the_administrator_may_be_an_object_id_of_entra(given: Given) -> None:
    assert given({"KOPPEL_ADMIN": f" {TENANT.upper()} "}).admin == TENANT
    assert given({"KOPPEL_ADMIN": "u024be7lh"}).admin == "U024BE7LH"


def test_no_way_of_printing_settings_shows_the_secret(given: Given) -> None:
    found = given(BOT)
    assert found.teams is not None
    assert (
        SECRET not in f"{found} {found!r} {found.teams} {found.teams!r} {found.teams.model_dump()}"
    )
