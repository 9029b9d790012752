"""Drives a server with Python's gRPC, which has none of our code: messages are read by server reflection's descriptors.

python3 grpcio.py 127.0.0.1:50051; prints what it saw and fails at the first answer that is not as it should be.
"""
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def reflect(channel):
    """Reads every file the server has, by asking for its services over grpc.reflection.v1 with hand-made messages."""

    def text(field, value):
        raw = value.encode()
        return bytes([field << 3 | 2, len(raw)]) + raw

    def fields(data):
        at = 0
        while at < len(data):
            tag, at = varint(data, at)
            if tag & 7 == 0:
                value, at = varint(data, at)
            else:
                length, at = varint(data, at)
                value, at = data[at:at + length], at + length
            yield tag >> 3, value

    def varint(data, at):
        value = shift = 0
        while True:
            value |= (data[at] & 127) << shift
            shift += 7
            at += 1
            if data[at - 1] < 128:
                return value, at

    info = channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
    [listed] = info(iter([text(7, "")]))
    names = [v.decode() for f, services in fields(listed) if f == 6 for _, service in fields(services) for _, v in fields(service)]
    pool = descriptor_pool.DescriptorPool()
    files = {}
    for answer in info(text(4, name) for name in names):
        for f, response in fields(answer):
            if f == 4:
                for _, raw in fields(response):
                    file = descriptor_pb2.FileDescriptorProto.FromString(raw)
                    files[file.name] = file
    added = set()

    def add(name):
        if name not in added:
            added.add(name)
            for imported in files[name].dependency:
                add(imported)
            pool.Add(files[name])

    for name in files:
        add(name)
    return names, pool


def main(address):
    channel = grpc.insecure_channel(address)
    names, pool = reflect(channel)
    assert "authzgraph.v1.Permissions" in names and "authzed.api.v1.PermissionsService" in names, names

    def message(name):
        descriptor = pool.FindMessageTypeByName(name)
        get = getattr(message_factory, "GetMessageClass", None)
        return get(descriptor) if get else message_factory.MessageFactory(pool).GetPrototype(descriptor)

    def unary(method, request, response, **kwargs):
        call = channel.unary_unary(method, request_serializer=lambda m: m.SerializeToString(), response_deserializer=message(response).FromString)
        return call(request, timeout=10, **kwargs)

    write_schema = message("authzgraph.v1.WriteSchemaRequest")
    unary("/authzgraph.v1.Schema/Write", write_schema(text="definition user {}\ndefinition document { relation viewer: user }"), "authzgraph.v1.WriteSchemaResponse")
    check = message("authzgraph.v1.CheckRequest")(permission="viewer")
    check.resource.type, check.resource.id = "document", "readme"
    check.subject.object.type, check.subject.object.id = "user", "ann"
    answer = unary("/authzgraph.v1.Permissions/Check", check, "authzgraph.v1.CheckResponse", compression=grpc.Compression.Gzip)
    assert not answer.decision.missing_context and answer.decision.outcome == 1, answer
    check.permission = "look"
    try:
        unary("/authzgraph.v1.Permissions/Check", check, "authzgraph.v1.CheckResponse")
        raise AssertionError("an unknown permission was not refused")
    except grpc.RpcError as refused:
        assert refused.code() == grpc.StatusCode.FAILED_PRECONDITION, refused
        assert any(key == "grpc-status-details-bin" for key, _ in refused.trailing_metadata())
    health = message("grpc.health.v1.HealthCheckResponse")
    watch = channel.unary_stream("/grpc.health.v1.Health/Watch", response_deserializer=health.FromString)(b"")
    assert next(iter(watch)).status == 1
    watch.cancel()
    print(f"{len(names)} services reflected; Check, gzip, an error's details, a stream cancelled")


main(sys.argv[1])
