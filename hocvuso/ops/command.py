"""The `hocvuso` command: one word for each thing an operator does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

Work = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> None:
    """Run one command; exits with its status."""
    given = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
    if given[:1] == ["manage"]:
        import django
        from django.core.management import execute_from_command_line

        django.setup()
        _begin("manage")
        execute_from_command_line(["hocvuso manage", *given[1:]])
        sys.exit(0)
    chosen = parser().parse_args(given)
    import django

    django.setup()
    _begin(chosen.command)
    sys.exit(chosen.work(chosen))


_ALONE = ("restore", "rotate-secret")  # they want the data to themselves, and look after the secret
_ANYHOW = ("setup", "doctor", "backup")  # they tell of it themselves, or need none
_WITHOUT_SECRET = (*_ANYHOW, "bench", "manage")
_PATIENCE = 60.0  # seconds that `serve` waits for a database that is started beside it


def _begin(command: str) -> None:
    """Share the data with other commands, and go no further with a master secret that does not fit the database."""
    from hocvuso.base import master

    from . import in_use

    if command in _ALONE:
        return
    in_use.share()
    if why := master.broken_off():
        sys.exit(why)
    why = "" if command in _ANYHOW else master.fault(patience=_PATIENCE if command == "serve" else 0)
    if not why and command not in _WITHOUT_SECRET and master.is_missing():
        why = "There is no master secret yet, or the database does not know it. Run first: hocvuso setup"
    if why:
        sys.exit(why)


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    top = argparse.ArgumentParser(prog="hocvuso", description="Học vụ số")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        _serve, _setup, _doctor, _publish, _hand_over, _grant, _forget_factors, _backup, _restore, _imports, _export,
        _bench, _key, _client, _rebuild, _demo, _periodic, _work, _secret):  # fmt: skip
        add(commands)
    commands.add_parser("manage", help="any Django management command")
    return top


def _command(
    commands: argparse._SubParsersAction, name: str, help: str, work: Work, aliases: tuple[str, ...] = ()
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=help, description=help, aliases=aliases)
    made.set_defaults(work=work, command=name)
    return made


def _serve(commands: argparse._SubParsersAction) -> None:
    def work(_chosen: argparse.Namespace) -> int:
        from . import serving

        return serving.serve()

    _command(commands, "serve", "run the site (host, port and workers by environment)", work)


def _setup(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import setting_up

        return setting_up.setup(content=not chosen.no_content)

    made = _command(
        commands, "setup", "database, reference data, static files, starter programmes; again is harmless", work
    )
    made.add_argument("--no-content", action="store_true", help="without the starter programmes")


def _doctor(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import doctor

        return doctor.examine(full=chosen.full)

    made = _command(commands, "doctor", "say what is wrong and how to mend it", work)
    made.add_argument("--full", action="store_true", help="read old rows and files too, not only the newest")


def _publish(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import publishing

        return publishing.publish(chosen.folders, check=chosen.check, unit=chosen.unit)

    made = _command(commands, "publish", "compile source folders into signed bundles and publish them", work)
    made.add_argument("folders", nargs="+", type=Path)
    made.add_argument("--check", action="store_true", help="only check, publish nothing")
    made.add_argument("--unit", default="BGDDT", help="code of the unit that owns the programmes (BGDDT)")


def _hand_over(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import publishing

        return publishing.hand_over(chosen.key, chosen.unit)

    made = _command(commands, "hand-over", "give a programme to another unit", work)
    made.add_argument("key", help="key of the programme")
    made.add_argument("unit", help="code of the unit that gets it")


def _grant(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import people

        return people.grant(chosen.address, chosen.role, chosen.unit)

    made = _command(commands, "grant", "give the first roles of an installation", work)
    made.add_argument("address", help="phone or e-mail of the person (made if new)")
    made.add_argument("role")
    made.add_argument("unit", help="code of the unit, such as BGDDT")


def _forget_factors(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import people

        return people.forget_factors(chosen.address)

    made = _command(commands, "forget-factors", "for somebody who lost the device of their second factor", work)
    made.add_argument("address", help="phone or e-mail of the person")


def _backup(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import backups

        return backups.backup(chosen.file)

    _command(commands, "backup", "write database, bundles, files and keys to one archive", work).add_argument(
        "file", type=Path
    )


def _restore(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import restoring

        if chosen.finish or chosen.back:
            return restoring.go_on(back=chosen.back)
        if chosen.file is None:
            print("Say which file.")
            return 2
        return restoring.restore(chosen.file, force=chosen.force)

    made = _command(commands, "restore", "bring an archive back", work)
    made.add_argument("file", type=Path, nargs="?")
    made.add_argument("--force", action="store_true", help="put it in the place of what is there, which is moved aside")
    broken_off = made.add_mutually_exclusive_group()
    broken_off.add_argument("--finish", action="store_true", help="finish a restore that was broken off")
    broken_off.add_argument("--back", action="store_true", help="go back to what was there before it")


def _imports(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import exchange

        return exchange.import_file(chosen.what, chosen.file, apply=chosen.apply, numbers=chosen.numbers)

    made = _command(commands, "import", "bring a list or framework in: shows the plan, applies it with --apply", work)
    made.add_argument("what", choices=["units", "places", "framework", "values", "populations", "targets"])
    made.add_argument("file", type=Path)
    made.add_argument("--apply", action="store_true")
    made.add_argument(
        "--numbers", choices=["vi", "en", "plain"], help="how values are written: 1.234,5; 1,234.5; 1234.5"
    )


def _export(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import exchange

        return exchange.export(chosen.what, chosen.key, chosen.format)

    made = _command(commands, "export", "write a list or framework to standard output", work)
    made.add_argument("what", choices=["units", "framework"])
    made.add_argument("key", nargs="?", default="")
    made.add_argument("--format", choices=["csv", "case"], default="csv")


def _periodic(commands: argparse._SubParsersAction) -> None:
    def work(_chosen: argparse.Namespace) -> int:
        from .periodic import run_apart

        return run_apart()

    _command(commands, "periodic", "do what is periodic, once: for a timer (serve does it by itself)", work, ("tend",))


def _client(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import clients

        return clients.work(chosen)

    made = _command(commands, "client", "programs that use the API: create, list, end", work)
    made.add_argument("act", choices=["create", "list", "end"])
    made.add_argument("id", nargs="?", default="", help="of the client to end")
    made.add_argument("--name", default="")
    made.add_argument("--scope", nargs="+", default=[], help="what it may, such as figures:read (all: docs/api.md)")
    made.add_argument("--unit", default="BGDDT", help="code of the unit whose subtree it reaches")
    made.add_argument("--role", default="steward", help="of its account at the unit, such as inspector, officer")


def _demo(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from hocvuso import demo

        return demo.remove() if chosen.remove else demo.make(people_count=chosen.people, seed=chosen.seed)

    made = _command(commands, "demo", "a believable country for trials, marked as such; --remove takes it away", work)
    made.add_argument("--people", type=int, default=10_000)
    made.add_argument("--seed", type=int, default=7)
    made.add_argument("--remove", action="store_true")


def _work(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import worker

        return worker.work(beside=chosen.beside)

    made = _command(commands, "work", "do the jobs that people asked for, until there is none (serve begins it)", work)
    made.add_argument("--beside", type=int, default=0, metavar="PID", help="the process with which it ends")


def _bench(commands: argparse._SubParsersAction) -> None:
    from hocvuso.bench import BENCHES

    def work(chosen: argparse.Namespace) -> int:
        from hocvuso import bench

        return bench.run(chosen.name, as_json=chosen.json, postgresql=chosen.postgresql)

    made = _command(commands, "bench", "measure speed and weight as ratios to a limit of the same run", work)
    made.add_argument("name", choices=BENCHES)
    made.add_argument("--json", action="store_true")
    made.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of its own instead of SQLite")


def _key(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import keys

        return keys.rotate(compromised=chosen.compromised)

    made = _command(commands, "rotate-key", "retire the certificate-signing key and make a new one", work)
    made.add_argument("--compromised", metavar="KEY", help="what this key (z6Mk…) signed is no longer trusted")


def _rebuild(commands: argparse._SubParsersAction) -> None:
    def work(_chosen: argparse.Namespace) -> int:
        from . import rebuilding

        return rebuilding.rebuild()

    _command(commands, "rebuild", "work out every learner's progress and reviews anew from what they did", work)


def _secret(commands: argparse._SubParsersAction) -> None:
    def work(chosen: argparse.Namespace) -> int:
        from . import secret

        return secret.rotate(chosen.to)

    made = _command(commands, "rotate-secret", "change the master secret and seal everything anew under it", work)
    made.add_argument("--to", type=Path, metavar="FILE", help="with the new secret; else one is made")
