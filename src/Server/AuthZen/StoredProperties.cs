using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Wire;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.AuthZen;

/// <summary>
/// The properties that the store keeps for objects. They fill what a request leaves open and replace nothing that it says: what is added to a
/// context can settle a conditional answer, and no other.
/// </summary>
internal static class StoredProperties
{
    /// <summary>Adds those of the entities of a request, under the names that their own properties have in a context.</summary>
    /// <param name="snapshot">That of the decision.</param>
    public static void AddTo(Struct context, in Snapshot snapshot, ObjectRef resource, ObjectRef subject)
    {
        Struct? ofResource = Contexts.ToWire(snapshot.PropertiesOf(resource)), ofSubject = Contexts.ToWire(snapshot.PropertiesOf(subject));
        if (ofResource is null && ofSubject is null) return;
        PropertyNames.Add(context, [(PropertyNames.OfResource, ofResource), (PropertyNames.OfSubject, ofSubject)]);
    }

    /// <summary>Whether objects of a type may have any.</summary>
    public static bool AreKept(in Snapshot snapshot, string type) => snapshot.HasSchema && snapshot.Schema.FindType(type) is { Properties: not null };
}

/// <summary>What properties are called in a context: <c>subject_x</c>, <c>resource_x</c>, <c>action_x</c> and, where nothing else is called so, <c>x</c>.</summary>
internal static class PropertyNames
{
    public const string OfResource = "resource_";
    public const string OfSubject = "subject_";
    public const string OfAction = "action_";

    /// <param name="entities">Of two that have a property of one name, the first gives <c>x</c>.</param>
    public static void Add(Struct context, ReadOnlySpan<(string Prefix, Struct? Properties)> entities)
    {
        foreach ((string prefix, Struct? properties) in entities)
            foreach ((string name, Value value) in properties?.Fields ?? []) context.Fields.TryAdd(prefix + name, value);
        foreach ((string _, Struct? properties) in entities)
            foreach ((string name, Value value) in properties?.Fields ?? [])
                if (name != ActingContext.Field) context.Fields.TryAdd(name, value);
    }
}
