"""German for what Typer and its Click say in English: help pages and answers to wrong calls.

Help is laid out here and not by Typer's rich help: that would speak English in places, and cost a
third of the start.  Wrong calls are recognised by the kind of the exception, not by its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from daz_planner.errors import DazError

if TYPE_CHECKING:
    Click = Any
    """Context, formatter and parameters of Click: their module moves between Typer's versions."""

HELP_TEXT = "Zeigt diese Hilfe."
COMPLETION_TEXTS = {
    "install_completion": "Richtet die Vervollständigung mit der Tabulatortaste für diese "
    "Eingabezeile ein.",
    "show_completion": "Zeigt, was dafür eingerichtet würde, zum Kopieren oder Anpassen.",
}


class CallError(DazError):
    """The program was called wrongly. ``command`` is the command whose help explains more."""

    def __init__(self, message: str, *, remedy: str = "", command: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.command = command


def nearest(word: str, known: Iterable[str]) -> str:
    """``Meinten Sie „x“?`` for the known word nearest to ``word``, or an empty text."""
    if len(word) < 3:
        return ""
    lowered = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.5)
    return f"Meinten Sie „{lowered[matches[0]]}“?" if matches else ""


class GermanCommand(TyperCommand):
    """A command whose help and whose answers to a wrong call are German."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options_metavar = "[OPTIONEN]"

    def get_help_option(self, ctx: Click) -> Any:
        return _german_help_option(super().get_help_option(ctx))

    def get_help_option_names(self, ctx: Click) -> list[str]:
        return _short_first(super().get_help_option_names(ctx))

    def format_usage(self, ctx: Click, formatter: Click) -> None:
        words = [self.options_metavar or ""]
        words += [_argument_name(p) for p in self.params if isinstance(p, TyperArgument)]
        formatter.write_usage(ctx.command_path, " ".join(words), prefix="Aufruf: ")

    def format_help(self, ctx: Click, formatter: Click) -> None:
        _write_help(self, ctx, formatter)

    def parse_args(self, ctx: Click, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # so that the surplus is ours to name
        with _CallErrorsOf(ctx):
            rest: list[str] = super().parse_args(ctx, args)
            if rest and not ctx.resilient_parsing:
                raise _too_many(rest)
            return rest


class GermanGroup(TyperGroup):
    """The program itself: a group of commands, in German."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.options_metavar = "[OPTIONEN]"
        self.subcommand_metavar = "BEFEHL ..."

    def get_help_option(self, ctx: Click) -> Any:
        return _german_help_option(super().get_help_option(ctx))

    def get_help_option_names(self, ctx: Click) -> list[str]:
        return _short_first(super().get_help_option_names(ctx))

    def format_usage(self, ctx: Click, formatter: Click) -> None:
        words = f"{self.options_metavar} {self.subcommand_metavar}"
        formatter.write_usage(ctx.command_path, words, prefix="Aufruf: ")

    def format_help(self, ctx: Click, formatter: Click) -> None:
        _write_help(self, ctx, formatter)

    def parse_args(self, ctx: Click, args: list[str]) -> list[str]:
        with _CallErrorsOf(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Click, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args and not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            raise CallError(
                f"Den Befehl „{args[0]}“ gibt es nicht.",
                remedy=nearest(args[0], self.commands)
                or f"Es gibt: {', '.join(sorted(self.commands))}.",
                command=ctx.command_path,
            )
        return super().resolve_command(ctx, args)


class _CallErrorsOf:
    """Names the command in the call errors that value parsers and Click's parser raise."""

    def __init__(self, ctx: Click) -> None:
        self._ctx = ctx

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, CallError) and not error.command:
            error.command = self._ctx.command_path
        elif getattr(error, "ctx", self) is None:
            error.ctx = self._ctx  # type: ignore[union-attr]


def german_call_error(error: Exception) -> CallError | None:
    """The German answer to an exception of Click or Typer; ``None`` for any other exception."""
    if not hasattr(error, "format_message"):
        return None
    kinds = {kind.__name__ for kind in type(error).__mro__}
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else ""
    option = str(getattr(error, "option_name", "") or "")
    param = getattr(error, "param", None)
    if "NoSuchOption" in kinds:
        answer = CallError(
            f"Die Option „{option}“ gibt es nicht.", remedy=nearest(option, _options(context))
        )
    elif "BadOptionUsage" in kinds:
        answer = _bad_option_usage(option, context)
    elif "MissingParameter" in kinds and isinstance(param, TyperOption):
        answer = CallError(f"Die Option „{param.opts[-1]}“ fehlt.", remedy=_sentence_of(param.help))
    elif "MissingParameter" in kinds and param is not None:
        answer = CallError(
            f"Die Angabe {_argument_name(param)} fehlt.",
            remedy=_sentence_of(getattr(param, "help", "")),
        )
    elif "BadParameter" in kinds and param is not None:
        name = param.opts[-1] if isinstance(param, TyperOption) else _argument_name(param)
        answer = CallError(
            f"Der Wert für „{name}“ passt nicht.", remedy=_sentence_of(getattr(param, "help", ""))
        )
    elif "FileError" in kinds:
        file = getattr(error, "ui_filename", "")
        answer = CallError(f"Die Datei „{file}“ lässt sich nicht öffnen.")
    else:
        answer = CallError("Der Aufruf ist nicht zu verstehen.")
    answer.command = command
    return answer


def is_request_for_help(error: Exception) -> bool:
    """Whether the program was called without anything, so that it answers with its help."""
    return type(error).__name__ == "NoArgsIsHelpError"


def translate_completion(command: Any) -> None:
    """German texts for the completion options that Typer adds; they stay Typer's otherwise."""
    for param in command.params:
        if param.name in COMPLETION_TEXTS:
            param.help = COMPLETION_TEXTS[param.name]
            param.default = False
            param.show_default = False
            if param.name == "install_completion":
                param.callback = _install_completion


def _install_completion(ctx: Click, _param: Click, value: Any) -> Any:
    """Typer's installation of the completion, with German words."""
    if not value or ctx.resilient_parsing:
        return value
    import contextlib
    import io

    import typer
    from typer.completion import install  # type: ignore[attr-defined]

    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            shell, path = install()
    except (typer.Exit, OSError) as error:
        raise CallError(
            "Für diese Eingabezeile lässt sich keine Vervollständigung einrichten.",
            remedy="Möglich ist es in bash, zsh, fish und PowerShell.",
        ) from error
    print(f"Die Vervollständigung für {shell} ist eingerichtet: {path}")
    print("Sie wirkt, sobald Sie die Eingabezeile neu öffnen.")
    raise typer.Exit(0)


def _bad_option_usage(option: str, context: Click) -> CallError:
    params = context.command.get_params(context) if context is not None else []
    for param in params:
        if option in param.opts and getattr(param, "is_flag", False):
            return CallError(
                f"Die Option „{option}“ steht für sich.", remedy="Lassen Sie den Wert dahinter weg."
            )
        if option in param.opts:
            return CallError(
                f"Nach der Option „{option}“ fehlt der Wert.",
                remedy=f"Schreiben Sie „{option} {param.metavar or 'WERT'}“.",
            )
    return CallError(f"Die Option „{option}“ ist so nicht zu verstehen.")


def _too_many(rest: Sequence[str]) -> CallError:
    words = " ".join(str(word) for word in rest)
    return CallError(
        f"Zu viele Angaben: „{words}“.",
        remedy="Ein Name mit Leerzeichen steht in Anführungszeichen.",
    )


def _options(context: Click) -> list[str]:
    if context is None:
        return []
    names = (o for p in context.command.get_params(context) for o in p.opts)
    return [name for name in names if name.startswith("-")]


def _short_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (len(name), name))


def _sentence_of(text: str | None) -> str:
    return " ".join((text or "").split())


def _german_help_option(option: Any) -> Any:
    """German text; the default ``False`` spares Typer from loading pydantic to convert ``None``."""
    if option is not None:
        option.help = HELP_TEXT
        option.default = False
        option.callback = _show_help
    return option


def _show_help(ctx: Click, _param: Click, wanted: bool) -> None:
    """Print the help. Click's own printing would write UTF-8 to a console that knows only ASCII."""
    if wanted and not ctx.resilient_parsing:
        print(ctx.get_help())
        ctx.exit()


def _argument_name(param: Any) -> str:
    name: str = param.metavar or param.name.upper()
    return name if param.required else f"[{name}]"


def _write_help(command: Any, ctx: Click, formatter: Click) -> None:
    """The whole help page: call, purpose, statements, options, commands, examples."""
    command.format_usage(ctx, formatter)
    command.format_help_text(ctx, formatter)
    arguments, options = [], []
    for param in command.get_params(ctx):
        if getattr(param, "hidden", False):
            continue
        text = _sentence_of(param.help)
        if isinstance(param, TyperArgument):
            arguments.append((_argument_name(param), text))
        else:
            names = ", ".join(_short_first(param.opts))
            flag = param.is_flag or param.name in COMPLETION_TEXTS
            options.append((names if flag else f"{names} {param.metavar or 'WERT'}", text))
    commands = [
        (name, _sentence_of((sub.help or "").split("\n\n")[0]))
        for name, sub in getattr(command, "commands", {}).items()
        if not sub.hidden
    ]
    for title, rows in (("Befehle", commands), ("Angaben", arguments), ("Optionen", options)):
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows, col_max=24)
    command.format_epilog(ctx, formatter)
