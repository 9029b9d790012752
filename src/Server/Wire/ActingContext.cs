using AuthzGraph.Model;
using Google.Protobuf.WellKnownTypes;
using Kind = Google.Protobuf.WellKnownTypes.Value.KindOneofCase;

namespace AuthzGraph.Server.Wire;

/// <summary>
/// On whose authority an agent asks, where an interface has no field for it: the member <c>acting</c> of the context,
/// <c>{"delegation": "grant:g1", "onBehalfOf": "user:ann", "task": "task:t1"}</c>. Caveats don't see it.
/// </summary>
internal static class ActingContext
{
    public const string Field = "acting";

    /// <summary>Takes <c>acting</c> out of a context; null is an empty one.</summary>
    public static (Acting Acting, string? ContextJson) Split(Struct? context)
    {
        if (context is null || !context.Fields.TryGetValue(Field, out Value? value)) return (default, Contexts.ToJson(context));
        Struct rest = context.Clone();
        rest.Fields.Remove(Field);
        return (Read(value), Contexts.ToJson(rest));
    }

    private static Acting Read(Value value)
    {
        if (value.KindCase != Kind.StructValue) throw Invalid("it is an object");
        Acting acting = default;
        foreach ((string name, Value named) in value.StructValue.Fields)
        {
            if (named.KindCase != Kind.StringValue) throw Invalid($"`{name}` is a text, `type:id`");
            ObjectRef read = ObjectRef.Parse(named.StringValue, $"acting.{name}");
            acting = name switch
            {
                "delegation" => acting with { Delegation = read },
                "onBehalfOf" => acting with { Root = read },
                "task" => acting with { Task = read },
                _ => throw Invalid($"it has no `{name}`, only `delegation`, `onBehalfOf` and `task`"),
            };
        }
        return acting;
    }

    private static RejectionException Invalid(string problem) => Rejection.Invalid("INVALID_ACTING", $"`{Field}` of the context can't be read: {problem}");
}
