"""What packs say about pipelines, scripts and policies: files that sign in without any code of Python."""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]
Rights = tuple[tuple[str, Pairs], ...]  # by the name or the pattern of a user: what it may do with what


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step of a workflow that signs in with a secret, and what it becomes.

    `uses` are actions without their version; a step shows the rule when it has one of the inputs `secrets`, and when
    the inputs in `when`, as far as their values are known, match. Its secrets and `drops` go; inputs in `needs` have to
    be there. `signs_in` is for the action that signs in: it gets the inputs of the pack's `sign_in`, and its version;
    any other step needs one before it. `run` is the command that a step becomes; `{input}` in it is the value of an
    input, without `strips` at its end.
    """

    uses: tuple[str, ...]
    secrets: tuple[str, ...]
    when: Pairs = ()
    needs: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    signs_in: bool = False
    run: str = ""
    strips: str = ""


@dataclass(frozen=True, slots=True)
class VariableChange:
    """An environment variable of a workflow that holds a secret, and the one that takes its place.

    Programs that match `readers` read it; where no job runs one, all jobs in its reach may. They sign in by themselves
    with the token of the job, for which they need the variables in `needs`.
    """

    names: tuple[str, ...]
    sets: tuple[str, str]
    needs: tuple[str, ...] = ()
    readers: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How the jobs of a platform sign in without a secret: by an identity that trusts the platform's tokens.

    `action` with `version` takes `inputs`; their values are variables, named by `prefix` and the words given here.
    `permission` is the right that a job needs for a token. Who restates the rights of a job has to restate them all:
    `readable` are those that a word for all of them stands for, `actions` and `commands` what some need beside
    `contents`; of `unclear` actions nobody can tell. `forks` is said of requests from other repositories.
    `token` is the name of a token that a job is given for `audience`. `subjects` are patterns of the subject by cause,
    and `trust` the command that makes the identity trust them; `asks` is what else
    is to be done before, and `deletes` after.
    """

    platform: str
    action: str = ""
    version: str = ""
    inputs: Pairs = ()
    prefix: str = ""
    permission: str = ""
    readable: tuple[str, ...] = ()
    actions: Rights = ()
    commands: Rights = ()
    unclear: tuple[str, ...] = ()
    forks: str = ""
    token: str = ""
    audience: str = ""
    subjects: Pairs = ()
    trust: str = ""
    asks: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandChange:
    """A command of a script that signs in with a secret, and what it becomes.

    `name` is a pattern for its leading words. It shows the rule when it has all options in `needs`, one in `secrets`
    whose value matches the pattern there, and a word that matches `about`; or when it sets one of `variables`, to
    a value that does not match `already`, and the script matches `about`. `places` are the kinds of files it counts
    in; in those of `reports` it is only reported. Of what it becomes: `drops` are options that go, `adds` text that
    follows the name, by kind of identity; `swaps` new texts for options with their values (or for a variable that is
    set), `becomes` a new text for all of it; the groups of `about` can stand in them.

    `client` and `tenant` are the options of a command that signs in a principal. `account` is the option that has to be
    there besides, `account_variable` the variable that does as well, `account_part` the part of a connection string
    that says it, and `account_sources` its options in `sources`: commands whose output is the secret. `unless` are
    patterns for the text of the file that keep it from moving, each with the reason; `flags` options without a value.
    """

    name: str
    places: tuple[str, ...]
    reports: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    secrets: Pairs = ()
    variables: tuple[str, ...] = ()
    already: str = ""
    about: str = ""
    drops: tuple[str, ...] = ()
    adds: Pairs = ()
    swaps: Pairs = ()
    becomes: str = ""
    client: tuple[str, ...] = ()
    tenant: tuple[str, ...] = ()
    account: str = ""
    account_variable: str = ""
    account_part: str = ""
    account_sources: str = ""
    sources: str = ""
    unless: Pairs = ()
    flags: tuple[str, ...] = ()

    @property
    def rewrites(self) -> bool:
        signs_in = bool(self.client) and "github" in self.places  # by a step that does
        return bool(signs_in or self.drops or self.adds or self.swaps or self.becomes)


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A header that a policy in XML sets to a secret, and the element that takes its place."""

    element: str
    headers: tuple[str, ...]
    about: str = ""
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A pattern in files whose paths match another, only reported. Lines that start with `comment` do not count."""

    files: str
    pattern: str
    comment: str = ""
