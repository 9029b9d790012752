using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>
/// What new hops and tasks are called where the caller does not say. An id can't be guessed; under an idempotency key it is the same each time
/// the request is sent, and only this store can work it out.
/// </summary>
internal sealed class ChosenNames(StoreIdentity identity)
{
    private const int IdBytes = 16;

    private readonly string _random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public ObjectRef OfHop(CompiledSchema schema, DelegateRequest request) =>
        new(request.Type ?? request.Parent?.Type ?? Only(schema, "delegation", type => type.Role is Role.Delegation), request.Id ?? Id("delegation", request.By));

    public ObjectRef OfTask(CompiledSchema schema, OpenTaskRequest request) =>
        new(request.Type ?? request.Parent?.Type ?? Only(schema, "task", type => type.Role is Role.Task), request.Id ?? Id("task", request.By));

    private static string Only(CompiledSchema schema, string role, Func<ObjectType, bool> has) => schema.Types.Where(has).Select(type => type.Name).ToArray() switch
    {
        [var only] => only,
        [] => throw DelegationRejections.NotInSchema($"{role} type"),
        var several => throw DelegationRejections.TypeNeeded(role, several),
    };

    private string Id(string role, Deed by)
    {
        if (by.IdempotencyKey is not { } key) return _random;
        byte[] sealedKey = HMACSHA256.HashData(identity.TokenKey, Encoding.UTF8.GetBytes($"{role}\n{by.IdempotencyScope}\n{key}"));
        return Convert.ToHexStringLower(sealedKey.AsSpan(0, IdBytes));
    }
}
