"""The rulebook in memory: what all service packs in `rules/` say, validated and typed.

Field by field this is the pack schema; `loader.py` fills it from YAML and explains what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mi_lint.findings import Applicability, Severity
from mi_lint.rulebook.config_model import CommandChange, Mention, PolicyChange, SignIn, StepChange, VariableChange
from mi_lint.rulebook.kinds import SecretKind

ANY_TEXT = ".*"  # the pattern of `when` that asks only whether the argument is given
CLIENT_ID = "CLIENT_ID"  # a default in `new`: the client id of a user-assigned identity, else nothing is passed
_LONGEST_NAME = 4000  # characters of a text that patterns look at
_FORMS = {"IDENTITY": "identity", "TOKEN_PROVIDER": "provider", "TOKEN": "token", "DELEGATED_KEY": "delegated"}
_CREDENTIAL = re.compile(r"""(IDENTITY|TOKEN_PROVIDER|TOKEN|DELEGATED_KEY)(?:\((['"])([^'"\\]+)\2\))?""")


@dataclass(frozen=True, slots=True)
class CredentialForm:
    """In which form a parameter takes the identity.

    `kind` is identity (a credential; `argument` names the family of styles, empty for plain credentials), provider (a
    callable that gives tokens) or token (a token, fetched at the call); of the latter two `argument` is the scope. It
    is delegated for a key to sign with, which a client of the rule's `delegation` gives.
    """

    kind: str
    argument: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature. `default` is the source text of its default, None if it has none."""

    name: str
    keyword_only: bool = False
    default: str | None = None

    @property
    def required(self) -> bool:
        return self.default is None

    @property
    def credential(self) -> CredentialForm | None:
        """What `IDENTITY`, `IDENTITY("family")`, `TOKEN_PROVIDER("scope")` and `TOKEN("scope")` ask for."""
        match = _CREDENTIAL.fullmatch(self.default or "")
        if match is None or (match[3] is None and match[1] not in ("IDENTITY", "DELEGATED_KEY")):
            return None
        return CredentialForm(_FORMS[match[1]], match[3] or "")


@dataclass(frozen=True, slots=True)
class Signature:
    """A callable written as in a pack: `azure.storage.blob.BlobClient(account_url, *, credential=IDENTITY, **kwargs)`.

    In a `new` signature a default is the text to pass: `IDENTITY`, `IDENTITY("family")`, `TOKEN_PROVIDER("scope")`,
    `TOKEN("scope")`, `DELEGATED_KEY`, `CLIENT_ID`, or a Python literal.
    `symbol` is empty for a bare `IDENTITY` (the whole call becomes the credential expression).
    """

    symbol: str
    parameters: tuple[Parameter, ...]
    var_keyword: bool = False

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    @property
    def positional(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if not p.keyword_only)


@dataclass(frozen=True, slots=True)
class Call:
    """One old callable and what it becomes. `new` is None for a call that is only reported.

    `is_assigned`: no callable, but an attribute that is assigned; the parameters are attributes of the same owner.
    `drops` are the parameters of `old` that go away with the secret, such as the id of the owner of a secret.
    """

    old: Signature
    new: Signature | None
    is_async: bool = False
    is_assigned: bool = False
    drops: tuple[str, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it is the same call afterwards, with another text and without a credential."""
        names = [parameter.name for parameter in self.old.parameters]
        new = self.new
        if new is None or new.symbol != self.old.symbol or any(p.credential is not None for p in new.parameters):
            return False
        return names == [parameter.name for parameter in new.parameters]


@dataclass(frozen=True, slots=True)
class Sender:
    """A callable of an HTTP library that sends a request, or that keeps headers for all requests of a client."""

    signature: Signature
    is_async: bool = False
    keeps: bool = False

    @property
    def owner(self) -> str:
        """The class that it is a method of, or that it is; empty for a function of a module."""
        symbol = self.signature.symbol
        owner = symbol if symbol.rpartition(".")[2][:1].isupper() else symbol.rpartition(".")[0]
        return owner if owner.rpartition(".")[2][:1].isupper() else ""


@dataclass(frozen=True, slots=True)
class Request:
    """Where a request carries a secret: in a header, or in a query parameter of its URL; and to whom it goes.

    `url` and `value` are regular expressions for the URL and for the value of the header; what is not known stands as
    `{}` in their texts. `scope` is that of the token that can take its place; without it requests are only reported.
    Every project with such a request has one of `words` in some file.
    """

    header: str = ""  # in lower case
    query: str = ""
    value: str = ""
    url: str = ""
    scope: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredAt:
    """A member of a JSON file that names a setting: the name of the file, and the way to the member.

    It does not count where the object that it is in has a member `unless` of one of `values`.
    """

    file: str
    keys: tuple[str, ...]
    unless: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """A name of a setting in a declaration: the setting gives way to others, whose names begin with its own.

    `methods` are those of `module`'s objects, each with the parameters that name a setting; `types` are values of
    `type` in the bindings of a `function.json`, and of the parameter `type` of a decorator, each with its members;
    `declared` are places in other files. Where they name none, `default` counts. A setting may also have `prefix`
    before its name; `suffix` comes after one that a declaration gives. `hosts` are settings that the host itself
    reads. Where `holds` is given, only values count that it matches. `aliases` are suffixes that say the same as some
    of `becomes`.

    `entity` is the parameter or member that has to be there where the connection string has an entity, `turned_off` are
    those that have to be false. `renames` are names of `methods` and of parameters that have others from `version` on,
    the least major version of the extensions; what has none any more is renamed to nothing. `roles` are those of
    single methods or types (`type.in` and `type.out` by direction), in place of the one of the rule.
    """

    module: str
    methods: tuple[tuple[str, tuple[str, ...]], ...] = ()
    types: tuple[tuple[str, tuple[str, ...]], ...] = ()
    declared: tuple[DeclaredAt, ...] = ()
    default: str = ""
    prefix: str = ""
    hosts: tuple[str, ...] = ()
    holds: str = ""
    suffix: str = ""
    format: str = ""
    becomes: tuple[Derivation, ...] = ()
    aliases: tuple[str, ...] = ()
    entity: str = ""
    turned_off: tuple[str, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """What a resource of a template of infrastructure signs in with, and what takes its place.

    `blocks` name the resources: the words before a block of Terraform (`provider azurerm`; `*` is any word), or a type
    of Azure Resource Manager, for Bicep and JSON. `at` is the way from there to the body that holds one of `secrets`,
    through names of blocks and objects; `value` is a pattern that its expression has to match. Or the secret is one of
    the resource's `settings`. These members and settings go, and `drops` with them; `whole` says that the body at `at`
    goes. `held` is the way to bodies that hold a secret under the name that the member tells; the one that nothing
    else names goes too.

    `only` are patterns for members, or settings, that say where a secret is for: one that is written out must match.
    `sets` are members that come or change, per way to sign in (`system`, `user` or `pipeline`), as expressions, in the
    body `within` the resource. In them `{identity_id}` and `{client_id}` are those of the user-assigned identity. With
    `identity` the resource gets one; the rule's role is granted on what the secrets and the members in `scope` name.
    """

    blocks: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    value: str = ""
    drops: tuple[str, ...] = ()
    whole: bool = False
    held: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    sets: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    identity: bool = False
    scope: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()

    @property
    def rewrites(self) -> bool:
        return bool(self.sets) or self.whole


@dataclass(frozen=True, slots=True)
class OptionSet:
    """Options that a library takes together: calls of `name` in rules stand for all places where they are written.

    These are mappings given as `parameter` to one of `takers` (`package.*` for all of a package), or to one of
    `methods` of an object that cannot be told; the keywords of `unpacked` callables, where they come from a mapping;
    and of a class, `backend`, that settings choose by its dotted name: the mapping `member` beside that name, names
    with `prefix` in a module that has it, and attributes of subclasses. Every project with such options has one of
    `words` in some file. `aliases` are other names of an option, in lower case; the library takes them in any case.
    `patterns` are regular expressions for names that hold more than the option, such as an account.

    Of a mapping that says by `entry`, a key and one of its values, what it is for all other entries are the options.

    `setters` are methods, of whatever object, that take the name of an option and its value; `statements` are methods
    that take a text in which one of `patterns` finds an option. Their options are only reported.

    `anywhere` are names of settings, in lower case, that variables, attributes, keys and keywords have wherever they
    are given a value. Rules about them ask by `when` for a value that itself says what it is, and do no more than
    change that value.
    """

    name: str
    words: tuple[str, ...]
    parameter: str = ""
    takers: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    unpacked: tuple[str, ...] = ()
    backend: str = ""
    member: str = ""
    prefix: str = ""
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    setters: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    entry: tuple[tuple[str, tuple[str, ...]], ...] = ()
    anywhere: tuple[str, ...] = ()

    def option(self, name: str) -> str:
        """The name by which rules call an option."""
        lower = name.lower()
        found = next((own for own, others in self.aliases if lower in (own, *others)), "")
        return found or self.matched(name) or name

    def matched(self, text: str) -> str:
        """The option that a text names by one of the patterns; empty if there is none."""
        return next((own for own, pattern in self.patterns if re.search(pattern, text[:_LONGEST_NAME])), "")


@dataclass(frozen=True, slots=True)
class Delegation:
    """How a client gives a key to sign with, in place of the account key.

    `method` of an instance of `clients` takes the first and the last moment of its validity as `start` and `expiry`,
    which are `days` apart at most. The signing call has them as parameters of the names in `window`. `key` is a chain
    of attributes by which a client's account key is read, and `account` both a parameter and an attribute that name
    its account.
    """

    clients: tuple[str, ...]
    method: str
    start: str
    expiry: str
    days: int
    window: tuple[str, str]
    key: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Following:
    """Lines that come after the statement of a call, such as a listener that gives a token to each connection.

    In `text` stands `{target}` for what the call is assigned to, `{function}` for a free name like `function`, and
    `{token}` for a token of `scope`. `uses` are the names in it that have to be imported, with their symbols.
    """

    text: str
    function: str
    scope: str
    uses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A class that only carries a secret, such as a key credential; it goes away with the call that takes it."""

    signature: Signature
    secret: str

    @property
    def name(self) -> str:
        return self.signature.symbol.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to read a setting by name: a call such as `os.getenv(key, default=None)` or an item of a mapping.

    Where settings stand in sections `section` is the parameter that names the section, or of an item, which then is a
    section itself, its class. A reader of that class reads from the section that it was taken for. The method of a
    class (`__call__` where the object itself is called) reads through an instance.
    """

    symbol: str
    kind: str  # "call" or "item"
    signature: Signature | None = None
    name: str = "key"
    default: str | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class SettingsClass:
    """A base class whose annotated fields are read from the environment (prefix + field name).

    `prefix` and `delimiter` are names of configuration keys: what stands before the names, and between those of models
    within models. `aliases` are the keywords by which a declaration gives other names.
    """

    base: str
    prefix: str = ""
    delimiter: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What gives the tree of a file of configuration: a call such as `json.load(fp)`, or an object that has it ready.

    `form` is how the file is written. `source` is the parameter of the call that says which file; an object's `file` is
    always the same. `attributes` tells that `tree.a.b` reads like `tree["a"]["b"]`; `environment` that the outermost
    keys are environment variables too.
    """

    symbol: str
    form: str
    signature: Signature | None = None
    source: str = ""
    file: str = ""
    attributes: bool = False
    environment: bool = False


@dataclass(frozen=True, slots=True)
class Vault:
    """A look-up of a secret by name, `client.get_secret("x").value`: class, method and result attribute."""

    client: str
    method: str
    attribute: str


@dataclass(frozen=True, slots=True)
class ConnectionFormat:
    """A vocabulary of `Key=Value;` strings: which parts are secret, and which strings mean an emulator.

    `syntax` is pairs for such strings, url for URLs, whose parts are `user`, `password` and the keys of the query,
    words for `key=value` words or a URL, or credential for `scheme://CREDENTIAL@rest`, whose only part is `credential`.
    """

    name: str
    keys: tuple[str, ...]
    secrets: tuple[str, ...]
    emulator: tuple[str, ...] = ()
    syntax: str = "pairs"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A named value that a connection string holds, as templates: the first whose fields are all present wins.

    `setting` is the suffix (words in upper snake case) of the setting that carries the value from now on. `az` is the
    command that shows the value in Azure, with {group} and {name} for the resource.

    A derivation with `drops` has no templates: it is the string itself without the parts of these keys, and with those
    of `adds` where it lacks them. Its settings and variables keep their names. A user-assigned identity adds those of
    `user` instead, if there are any; `{client_id}` in a value stands for its client id. What takes the place of a
    `credential` is a template, for the case that this is a `Key=Value;` string.
    """

    name: str
    templates: tuple[str, ...]
    setting: str
    unknown: str = ""  # name of a new setting to introduce where the value may be absent from the old one
    drops: tuple[str, ...] = ()  # in lower case
    adds: tuple[tuple[str, str], ...] = ()
    user: tuple[tuple[str, str], ...] = ()
    az: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A role that the identity needs. `kind` is azure-rbac, cosmos-sql or other.

    `methods` are those of the service's clients that it is for, and `covers` the roles that it makes superfluous. Where
    code calls any of them, the roles of what it calls take the place of the one that a rule names.
    """

    name: str
    id: str
    kind: str = "azure-rbac"
    resource: str = ""  # what it is granted on, where that is not what the pack is about
    methods: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """How a kind of role is given, as a piece of a script, a Bicep module and a Terraform file.

    `@ID@` is the role, `@ROLE@` its name, `@TITLE@` the service; `@VAR@`, `@NAME@` and `@SYMBOL@` spell the service in
    upper and lower snake case and in camel case; `@RESOURCE@` is the symbol of the Bicep resource.

    `inside` are pieces per language (`terraform`, `bicep`, `json`) for a template that has the resource and the host:
    `@RESOURCE@` and `@HOST@` are what it calls them, `@PRINCIPAL@` is the object id of the host's identity, `@ROLE@`
    the name of the role, and `@NAME@` that of the new resource. In JSON `@SCOPE@` is the resource as a scope.
    """

    kind: str
    az: str
    bicep: str
    terraform: str
    inside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateResource:
    """A type of resource in templates of infrastructure, as Terraform or Azure Resource Manager names it.

    `gives` are the attributes, or the last names of what a function lists, that hold a connection string; `parts` are
    the parts of it as expressions, in which `${@.x}` is the attribute `x` of the resource, and `${@[m].x}` that of the
    resource which its member `m` names. `roles` are the names of
    roles that are granted on it, with `*` for any rest; of a resource that only holds a key of another one, `of` is the
    member that names that one. `keys_off` are the members that turn its keys off.
    """

    type: str
    gives: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()
    of: str = ""
    keys_off: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """Where programs run with a managed identity. Commands are for a shell with GROUP, HOST and IDENTITY_ID set.

    `set` and `delete` change settings of the host: names, with values for `set`, are appended to them. `resources` are
    its types in templates: those of Terraform, and those of Azure Resource Manager.

    `signs` tell that code runs there: a pattern for the name of a file, and a regular expression for its text. `only`
    says that it takes no other kind of identity, `principal` shows the object id of the identity, and `check` what the
    program does there.
    """

    name: str
    title: str
    system: str
    user: str
    set: str = ""
    delete: str = ""
    notes: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    signs: tuple[tuple[str, str], ...] = ()
    only: str = ""  # system or user
    principal: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A condition that lowers the applicability of a fix, with a sentence for the user.

    Exactly one of the condition fields is set: `methods` (a method of that name is called in the same file), `reads`
    (a chain of attributes, such as `credential.account_key`, is read from the client), `calls` (a call of that symbol
    in the same file), `keywords` (the sink is called with it), `parts` (the connection string has that part, whose
    value matches the regular expression `matches` if there is one), `identity` (the run is for an identity of that
    sort), or `parameter` + `matches` (the static text of that argument matches it).
    """

    lowers: Applicability
    because: str
    methods: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    parameter: str = ""
    matches: str = ""
    identity: str = ""  # system or user


@dataclass(frozen=True, slots=True)
class Example:
    """A test and a piece of documentation. Without `after` the code must stay as it is.

    One that is about other files only has an empty `before`, and no `after`.
    """

    title: str
    before: str
    after: str | None = None
    silent: bool = False
    manual: str = ""
    settings_before: str | None = None
    settings_after: str | None = None
    files: tuple[tuple[str, str, str | None], ...] = ()  # path, before, after (None: unchanged)
    options: tuple[tuple[str, str], ...] = ()
    line: int = 0

    @property
    def rewrites(self) -> bool:
        return self.after is not None or (not self.before and any(after is not None for _, _, after in self.files))


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of problem, with all calls that show it."""

    id: str
    name: str
    service: str
    summary: str
    calls: tuple[Call, ...]
    secret: str
    accepts: tuple[str, ...]
    severity: Severity = Severity.HIGH
    applicability: Applicability = Applicability.SAFE
    role: str = ""
    advice: str = ""
    docs: str = ""
    unless: tuple[str, ...] = ()  # parameters whose presence means that the call already uses a token
    when: tuple[
        tuple[str, str], ...
    ] = ()  # (parameter, regex): only where its static text matches; `.*`: where it is given
    item: str = ""  # the secret is this entry of a dict display that the parameter is given
    hosts: tuple[str, ...] = ()  # some file of every project with a finding names one: for callables used everywhere
    implicit: str = ""  # setting that the callable reads by itself when the secret parameter is absent
    blocks: tuple[Block, ...] = ()
    request: Request | None = None  # instead of calls: what the requests of HTTP libraries carry
    binding: Binding | None = None  # instead of calls: what declarations name
    template: TemplateChange | None = None  # instead of calls: what resources of infrastructure sign in with
    step: StepChange | None = None  # instead of calls: what steps of workflows sign in with
    variable: VariableChange | None = None  # instead of calls: what variables of workflows hold
    command: CommandChange | None = None  # instead of calls: what commands of scripts sign in with
    mention: Mention | None = None  # instead of calls: what texts of other files say
    policy: PolicyChange | None = None  # instead of calls: what policies in XML send
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()  # by ending: every file with a finding holds one
    following: Following | None = None  # lines after the call that give it a token
    delegation: Delegation | None = None  # where `new` has DELEGATED_KEY
    environment: tuple[str, ...] = ()  # settings with secrets that the library reads by itself: they go too
    kinds: tuple[str, ...] = ()  # kinds of secrets that the parameter takes: a literal of their shape there is one
    traps: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    path: str = ""
    line: int = 0

    @property
    def about_calls(self) -> bool:
        """Whether it is about calls in code, and not about what requests carry or other files say."""
        others = (
            self.request,
            self.binding,
            self.template,
            self.step,
            self.variable,
            self.command,
            self.policy,
            self.mention,
        )
        return all(other is None for other in others)


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of `rules/`: everything known about one service or library."""

    service: str
    title: str
    docs: str
    path: str
    packages: tuple[tuple[str, str], ...] = ()
    connection: str = ""  # name of a ConnectionFormat
    derive: tuple[Derivation, ...] = ()
    roles: tuple[tuple[str, Role], ...] = ()
    keys_off: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    senders: tuple[Sender, ...] = ()
    readers: tuple[Reader, ...] = ()
    settings_classes: tuple[SettingsClass, ...] = ()
    loaded: tuple[Loaded, ...] = ()
    vaults: tuple[Vault, ...] = ()
    formats: tuple[ConnectionFormat, ...] = ()
    tokens: tuple[str, ...] = ()  # symbols (or `package.*`) whose instances are already token credentials
    identities: tuple[IdentityStyle, ...] = ()
    secrets: tuple[SecretKind, ...] = ()
    references: tuple[str, ...] = ()  # how values start that only point to a secret elsewhere
    emulator_keys: tuple[tuple[str, str], ...] = ()  # how the fixed keys of emulators start and end
    notes: tuple[str, ...] = ()
    resource: str = ""  # type of the Azure resource with its API version, as Bicep writes it
    hosts: tuple[Host, ...] = ()
    grants: tuple[Grant, ...] = ()
    templates: tuple[TemplateResource, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    options: tuple[OptionSet, ...] = ()

    def derivation(self, name: str) -> Derivation | None:
        return next((d for d in self.derive if d.name == name), None)


@dataclass(frozen=True, slots=True)
class IdentityStyle:
    """How one credential style is written. `{client_id}` in `user` is the client id expression.

    `sync` and `aio` are the modules that the names come from; `provider` is the function that wraps a credential. A
    name such as `family/default` is the style `default` of a family: credentials that only some libraries take.
    """

    name: str
    system: str
    user: str
    sync: str
    aio: str
    provider: str = ""
    sync_only: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All packs, with the indexes that analysis asks for. Built by `index.build_rulebook`, never by hand."""

    packs: tuple[Pack, ...]
    fingerprint: str = ""
    by_rule: Mapping[str, Rule] = field(default_factory=dict, repr=False, compare=False)  # by id and by name
    by_service: Mapping[str, Pack] = field(default_factory=dict, repr=False, compare=False)
    calls: Mapping[str, tuple[tuple[Rule, Call], ...]] = field(default_factory=dict, repr=False, compare=False)
    wrappers: Mapping[str, Wrapper] = field(default_factory=dict, repr=False, compare=False)  # by symbol
    formats: Mapping[str, ConnectionFormat] = field(default_factory=dict, repr=False, compare=False)
    identities: Mapping[str, IdentityStyle] = field(default_factory=dict, repr=False, compare=False)
    keywords: tuple[bytes, ...] = field(default=(), repr=False, compare=False)  # a file without any has no sink

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for pack in self.packs for rule in pack.rules)

    @property
    def kinds(self) -> tuple[SecretKind, ...]:
        return tuple(kind for pack in self.packs for kind in pack.secrets)

    @property
    def emulator_keys(self) -> tuple[tuple[str, str], ...]:
        return tuple(key for pack in self.packs for key in pack.emulator_keys)

    @property
    def grants(self) -> tuple[Grant, ...]:
        return tuple(grant for pack in self.packs for grant in pack.grants)

    @property
    def hosts(self) -> tuple[Host, ...]:
        return tuple(host for pack in self.packs for host in pack.hosts)

    @property
    def options(self) -> tuple[OptionSet, ...]:
        return tuple(found for pack in self.packs for found in pack.options)

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(text for pack in self.packs for text in pack.references)

    def pack(self, service: str) -> Pack | None:
        return self.by_service.get(service)

    def rule(self, id_or_name: str) -> Rule | None:
        return self.by_rule.get(id_or_name)

    def candidates(self, symbol: str) -> tuple[tuple[Rule, Call], ...]:
        """The rules that speak about a callable, in the order of the packs."""
        return self.calls.get(symbol, ())

    def pack_of(self, rule: Rule) -> Pack:
        return self.by_service[rule.service]

    def connection_format(self, pack: Pack) -> ConnectionFormat | None:
        return self.formats.get(pack.connection)
