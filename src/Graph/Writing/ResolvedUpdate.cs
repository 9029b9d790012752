using System.Text.Json;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>One update checked against the schema.</summary>
/// <param name="Window">As asked for: a start that is missing is still missing.</param>
/// <param name="Caveat">The tuple's caveat with its context as the store keeps it: compact JSON, and no context where none is given.</param>
/// <param name="ResourceHash">Of the resource's id, in the table of its type's names.</param>
/// <param name="SubjectHash">The same of the subject's; 0 of a wildcard.</param>
internal readonly record struct ResolvedUpdate(
    UpdateKind Kind, RelationTuple Tuple, ObjectType ResourceType, EdgeType EdgeType, CaveatRef? Caveat, ulong ResourceHash, ulong SubjectHash)
{
    public Window Window => Tuple.Window;

    /// <summary>Finds the relation and edge type a tuple belongs to, or rejects it. A delete need not fit today's windows.</summary>
    public static ResolvedUpdate Of(BoundSchema bound, in TupleUpdate update)
    {
        RelationTuple tuple = update.Tuple;
        CompiledSchema schema = bound.Schema;
        Expect(tuple);
        ObjectType type = schema.FindType(tuple.Resource.Type) ?? throw Rejections.UnknownType(schema, tuple.Resource.Type);
        Member member = schema.FindMember(type.Id, tuple.Relation) ?? throw Rejections.UnknownMember(type, tuple.Relation);
        if (member is not Relation relation) throw Rejections.NotARelation(tuple);
        EdgeType edgeType = FindEdgeType(schema, relation, tuple) ?? throw Rejections.SubjectNotAllowed(tuple, Allowed(schema, relation));
        ulong resource = bound[type.Id].HashOf(tuple.Resource.Id);
        ulong subject = edgeType.Kind == SubjectKind.Wildcard ? 0 : bound[edgeType.SubjectType].HashOf(tuple.Subject.Object.Id);
        if (update.Kind == UpdateKind.Delete) return new ResolvedUpdate(update.Kind, tuple, type, edgeType, null, resource, subject);
        if (tuple.Window.IsEmpty) throw Rejections.InvalidTuple(tuple, "its window is empty: it ends before it starts");
        Caveat? caveat = tuple.Caveat is { } named ? schema.FindCaveat(named.Name) ?? throw Rejections.UnknownCaveat(named.Name) : null;
        ExpectTrait(schema, tuple, edgeType, caveat);
        return new ResolvedUpdate(update.Kind, tuple, type, edgeType, caveat is null ? null : Normalize(tuple, caveat), resource, subject);
    }

    private static void Expect(RelationTuple tuple)
    {
        ObjectRef subject = tuple.Subject.Object;
        if (tuple.Resource.IsWildcard) throw Rejections.WildcardNotAllowed("the resource");
        if (!Names.IsObjectId(tuple.Resource.Id)) throw Rejections.InvalidName("object id", tuple.Resource.Id);
        if (!Names.IsObjectId(subject.Id)) throw Rejections.InvalidName("object id", subject.Id);
        if (subject.IsWildcard && tuple.Subject.Relation is not null) throw Rejections.InvalidTuple(tuple, "a wildcard has no relation");
    }

    private static void ExpectTrait(CompiledSchema schema, RelationTuple tuple, EdgeType edgeType, Caveat? caveat)
    {
        bool ends = tuple.Window.ExpiresAt.IsFinite;
        bool startsOnly = !ends && tuple.Window.NotBefore.IsFinite;
        if (edgeType.Allows(caveat?.Id, ends) && (!startsOnly || edgeType.Allows(caveat?.Id, true))) return;
        throw Rejections.InvalidTuple(tuple, $"the relation lists this subject {Traits(schema, edgeType)}");
    }

    private static string Traits(CompiledSchema schema, EdgeType type) => string.Join(" or ", type.Traits.Select(trait => trait switch
    {
        { Caveat: null, Expiration: false } => "without caveat and expiration",
        { Caveat: null } => "`with expiration`",
        { Caveat: { } caveat, Expiration: false } => $"`with {schema[caveat].Name}`",
        { Caveat: { } caveat } => $"`with {schema[caveat].Name} and expiration`",
    }));

    /// <summary>The context as compact JSON, so that equal ones are one; an empty one is none.</summary>
    private static CaveatRef Normalize(RelationTuple tuple, Caveat caveat)
    {
        var named = new CaveatRef(caveat.Name, tuple.Caveat?.ContextJson);
        if (named.ContextJson is not { } json) return named;
        if (!Names.IsWhole(json)) throw Rejections.InvalidCaveatContext(tuple, "the context holds half a surrogate pair");
        try
        {
            return BoundCaveat.TryRead(caveat, named, out _, out string problem) ? Compact(named, json) : throw Rejections.InvalidCaveatContext(tuple, problem);
        }
        catch (InvalidOperationException)       // an escape in the JSON that stands for no character
        {
            throw Rejections.InvalidCaveatContext(tuple, "the context holds half a surrogate pair");
        }
    }

    private static CaveatRef Compact(CaveatRef named, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().Any() ? named with { ContextJson = JsonSerializer.Serialize(document.RootElement) } : named with { ContextJson = null };
    }

    /// <summary>The edge type a tuple of a relation belongs to; null if the relation does not list its subject.</summary>
    public static EdgeType? FindEdgeType(CompiledSchema schema, Relation relation, in RelationTuple tuple)
    {
        ObjectType subjectType = schema.FindType(tuple.Subject.Object.Type) ?? throw Rejections.UnknownType(schema, tuple.Subject.Object.Type);
        if (tuple.Subject.Relation is { } asked && schema.FindMember(subjectType.Id, asked) is null) throw Rejections.UnknownMember(subjectType, asked);
        SubjectKind kind = tuple.Subject.Object.IsWildcard ? SubjectKind.Wildcard : tuple.Subject.Relation is null ? SubjectKind.Object : SubjectKind.Userset;
        foreach (EdgeType type in relation.EdgeTypes)
            if (type.SubjectType == subjectType.Id && type.Kind == kind
                && (type.SubjectRelation is not { } member || schema[member].Name == tuple.Subject.Relation)) return type;
        return null;
    }

    private static string Allowed(CompiledSchema schema, Relation relation) =>
        string.Join(", ", relation.EdgeTypes.Select(e => $"`{BoundSchema.Text(schema, e).Split('@')[1]}`"));
}
