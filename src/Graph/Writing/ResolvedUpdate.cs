using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>One update checked against the schema.</summary>
/// <param name="Window">As asked for: a start that is missing is still missing.</param>
internal readonly record struct ResolvedUpdate(UpdateKind Kind, RelationTuple Tuple, ObjectType ResourceType, EdgeType EdgeType)
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
        if (update.Kind != UpdateKind.Delete) ExpectWindow(tuple, edgeType);
        return new ResolvedUpdate(update.Kind, tuple, type, edgeType);
    }

    private static void Expect(RelationTuple tuple)
    {
        ObjectRef subject = tuple.Subject.Object;
        if (tuple.Caveat is not null) throw Rejections.CaveatsNotSupported(tuple);
        if (tuple.Resource.IsWildcard) throw Rejections.WildcardNotAllowed("the resource");
        if (!Names.IsObjectId(tuple.Resource.Id)) throw Rejections.InvalidName("object id", tuple.Resource.Id);
        if (!Names.IsObjectId(subject.Id)) throw Rejections.InvalidName("object id", subject.Id);
        if (subject.IsWildcard && tuple.Subject.Relation is not null) throw Rejections.InvalidTuple(tuple, "a wildcard has no relation");
    }

    private static void ExpectWindow(RelationTuple tuple, EdgeType edgeType)
    {
        if (tuple.Window.IsEmpty) throw Rejections.InvalidTuple(tuple, "its window is empty: it ends before it starts");
        bool windowed = tuple.Window != Window.Always;
        if (windowed && !edgeType.AllowsExpiring) throw Rejections.InvalidTuple(tuple, "the relation lists this subject without `with expiration`");
        if (!tuple.Window.ExpiresAt.IsFinite && !edgeType.AllowsEndless) throw Rejections.InvalidTuple(tuple, "the relation lists this subject `with expiration`, and it has none");
    }

    private static EdgeType? FindEdgeType(CompiledSchema schema, Relation relation, RelationTuple tuple)
    {
        ObjectType subjectType = schema.FindType(tuple.Subject.Object.Type) ?? throw Rejections.UnknownType(schema, tuple.Subject.Object.Type);
        SubjectKind kind = tuple.Subject.Object.IsWildcard ? SubjectKind.Wildcard : tuple.Subject.Relation is null ? SubjectKind.Object : SubjectKind.Userset;
        return relation.EdgeTypes.FirstOrDefault(e => e.SubjectType == subjectType.Id && e.Kind == kind
            && (e.SubjectRelation is not { } member || schema[member].Name == tuple.Subject.Relation));
    }

    private static string Allowed(CompiledSchema schema, Relation relation) =>
        string.Join(", ", relation.EdgeTypes.Select(e => $"`{BoundSchema.Text(schema, e).Split('@')[1]}`"));
}
