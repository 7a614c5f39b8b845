"""All that the models of Firehose and Kinesis let a request say, and what hydrant makes of it.

A Surface is the table of one service. It names members by their structure and values by their
enumeration ("S3DestinationConfiguration.Prefix", "KeyType=CUSTOMER_MANAGED_CMK"), each in one of:

    used     hydrant does with it what the service does
    shown    kept and shown again; what the service does with it needs what hydrant has not (IAM),
             and nobody sees a difference
    listed   taken without effect: /_hydrant/gaps lists it, and --strict refuses it. What is within
             a listed member needs no entry: it is listed with it

A path says where in a request something stands: "CreateDeliveryStream.Tags[].Key"; behind a value
of an enumeration comes "=VALUE". A file of the standard library and botocore alone.
"""

from dataclasses import dataclass, field

import botocore.session

SESSION = botocore.session.get_session()


class Skip:
    """Stands for a member that is to be left out."""


class All:
    """Stands for all that a member may have."""


@dataclass
class Surface:
    """The table of one service."""

    service: str
    used: set
    shown: dict  # with the reason
    listed: dict  # with the condition: a function of the value and the whole request
    absent: set = field(default_factory=set)  # operations that hydrant does not know
    by_call: dict = field(default_factory=dict)  # a setting that an operation lists by itself

    @property
    def model(self):
        return SESSION.get_service_model(self.service)

    @property
    def operations(self):
        return [name for name in self.model.operation_names if name not in self.absent]

    def places(self, operation):
        """Every (path, key) of an operation, without what is within a listed member."""
        return self._below(self._input(operation), operation, self.listed)

    def all_members(self, operation):
        """Every path of a member, wherever, and of every value outside of listed members."""
        outside = {path for path, _ in self.places(operation)}
        everywhere = {path for path, _ in self._below(self._input(operation), operation, ())}
        return outside | {path for path in everywhere if "=" not in path}

    def given(self, operation, request):
        """(path, key, value) of all that a request says."""
        return self._given(self._input(operation), operation, request)

    def gaps(self, operation, request):
        """The settings of a request that have to be listed."""
        found = [self.by_call[operation]] if operation in self.by_call else []
        for path, key, value in self.given(operation, request):
            if key in self.listed and self.listed[key](value, request):
                found.append(path.split("=")[0].removesuffix("[]").removeprefix(operation + "."))
        return sorted(set(found))

    def full(self, operation, member, values):
        """A value of a member of the input with all that it may have; see filled()."""
        return filled(self._input(operation).members[member], values, member)

    def _input(self, operation):
        return self.model.operation_model(operation).input_shape

    def _below(self, shape, path, closed):
        if shape is None:
            return
        if shape.type_name == "structure":
            for name, member in shape.members.items():
                here, key = f"{path}.{name}", f"{shape.name}.{name}"
                yield here, key
                if key not in closed:
                    yield from self._below(member, here, closed)
        elif shape.type_name == "list":
            yield from self._below(shape.member, path + "[]", closed)
        elif shape.type_name == "map":
            assert shape.value.type_name == "string", f"{path} has more to it than texts"
        for value in getattr(shape, "enum", ()):
            yield f"{path}={value}", f"{shape.name}={value}"

    def _given(self, shape, path, value):
        if shape.type_name == "structure":
            for name, inner in value.items():
                here = f"{path}.{name}"
                yield here, f"{shape.name}.{name}", inner
                yield from self._given(shape.members[name], here, inner)
        elif shape.type_name == "list":
            for inner in value:
                yield from self._given(shape.member, path + "[]", inner)
        elif getattr(shape, "enum", ()):
            yield f"{path}={value}", f"{shape.name}={value}", value


def table(text):
    """{"Structure.Member", ...} of lines like "Structure: Member Member"; a line may go on."""
    entries, structure = set(), None
    for word in text.split():
        if word[-1] in ":=":
            structure = word
        else:
            entry = structure.replace(":", ".") + word
            assert entry not in entries, f"{entry} stands there twice"
            entries.add(entry)
    return entries


def always(_value, _request):
    return True


def filled(shape, values, path):
    """A value of a shape with all members. `values` has those that the shape does not tell, by the
    end of their path: the longest that fits. Skip leaves a member out."""
    ends = [end for end in values if path == end or path.endswith("." + end)]
    if ends and values[max(ends, key=len)] is not All:
        return values[max(ends, key=len)]
    if shape.type_name == "structure":
        made = {name: filled(member, values, f"{path}.{name}")
                for name, member in shape.members.items()}
        return {name: value for name, value in made.items() if value is not Skip}
    if shape.type_name == "list":
        return [filled(shape.member, values, path + "[]")]
    if shape.type_name == "map":
        return {"key": "value"}
    if getattr(shape, "enum", None):
        return shape.enum[0]
    plain = {"integer": shape.metadata.get("min", 1), "long": 1, "double": 0.5, "boolean": True,
             "string": "text", "blob": b"data"}
    return plain[shape.type_name]


def lost(sent, shown, names, secret, path=""):
    """Paths of what was sent and is not shown. `names`: what is shown under another name."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            here = f"{path}.{name}".strip(".")
            if any(here.endswith(end) for end in secret):
                if name in shown:
                    yield f"{here} is no secret"
            elif names.get(name, name) not in shown:
                yield here
            else:
                yield from lost(value, shown[names.get(name, name)], names, secret, here)
    elif isinstance(sent, list):
        for element in sent:
            if all(list(lost(element, other, names, secret, path)) for other in shown):
                yield f"{path}[]"
    elif sent != shown:
        yield f"{path}: {shown!r} instead of {sent!r}"
