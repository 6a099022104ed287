"""Prints, as base64 of the deflated FileDescriptorSet, the definitions that the local cloud reflects and maps to JSON.

They come with the vendor's Python package, which carries each file's descriptor. Arguments: names of .proto files.
"""

import base64
import importlib
import sys
import zlib

from google.protobuf import descriptor_pb2

found = {}


def name_in_json(message):
    """Python's copies leave out the names of fields in JSON."""
    for field in message.field:
        first, *rest = field.name.split("_")
        field.json_name = first + "".join(part[:1].upper() + part[1:] for part in rest)
    for nested in message.nested_type:
        name_in_json(nested)


def add(file):
    if file.name in found:
        return
    for dependency in file.dependencies:
        add(dependency)
    copy = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(copy)
    for message in copy.message_type:
        name_in_json(message)
    found[file.name] = copy


for name in sys.argv[1:]:
    add(importlib.import_module(name.removesuffix(".proto").replace("/", ".") + "_pb2").DESCRIPTOR)
descriptors = descriptor_pb2.FileDescriptorSet(file=found.values()).SerializeToString()
print(base64.b64encode(zlib.compress(descriptors, 9)).decode())
