using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>
/// The tuples a filter matches at a revision and instant: present is what has not ended, the future included (DESIGN §6).
/// Order: edge types as in the schema, then as written (by resource or subject: newest first).
/// </summary>
internal static class TupleReader
{
    public static IEnumerable<RelationTuple> Read(BoundSchema bound, ulong revision, Instant now, TupleFilter filter)
    {
        Expect(bound.Schema, filter);
        return bound.Schema.EdgeTypes.Where(type => Matches(bound.Schema, type, filter)).SelectMany(type => ReadType(bound, type, revision, now, filter));
    }

    /// <summary>Rejects what can't match because of a mistake, rather than matching nothing.</summary>
    public static void Expect(CompiledSchema schema, TupleFilter filter)
    {
        if (filter is { ResourceType: null, ResourceId: null, ResourceIdPrefix: null, Relation: null, Subject: null }) throw Rejections.EmptyFilter();
        if (filter is { ResourceId: not null, ResourceIdPrefix: not null }) throw Rejections.FilterIdTwice();
        if (filter.ResourceId is { } id && !Names.IsObjectId(id)) throw Rejections.InvalidName("object id", id);
        if (filter.ResourceIdPrefix is { } prefix && !Names.IsObjectId(prefix)) throw Rejections.InvalidName("object id prefix", prefix);
        ObjectType? type = Expect(schema, filter.ResourceType);
        if (filter.Relation is { } relation) ExpectMember(schema, type, relation);
        if (filter.Subject is not { } subject) return;
        ObjectType? subjectType = Expect(schema, subject.Type);
        if (subject.Id is { } subjectId && !Names.IsObjectId(subjectId)) throw Rejections.InvalidName("object id", subjectId);
        if (!string.IsNullOrEmpty(subject.Relation)) ExpectMember(schema, subjectType, subject.Relation);
    }

    private static ObjectType? Expect(CompiledSchema schema, string? type) =>
        type is null ? null : schema.FindType(type) ?? throw Rejections.UnknownType(schema, type);

    private static void ExpectMember(CompiledSchema schema, ObjectType? type, string name)
    {
        bool known = type is null ? schema.Members.Any(m => m.Name == name) : schema.FindMember(type.Id, name) is not null;
        if (!known) throw type is null ? Rejections.UnknownMember(name) : Rejections.UnknownMember(type, name);
    }

    public static bool Matches(CompiledSchema schema, EdgeType type, TupleFilter filter)
    {
        Member relation = schema[type.Relation];
        if (filter.ResourceType is { } resourceType && schema[relation.Type].Name != resourceType) return false;
        if (filter.Relation is { } name && relation.Name != name) return false;
        if (filter.Subject is not { } subject) return true;
        if (schema[type.SubjectType].Name != subject.Type) return false;
        if (subject.Id is { } id && id == Names.Wildcard != (type.Kind == SubjectKind.Wildcard)) return false;
        return subject.Relation is not { } subjectRelation || subjectRelation == (type.SubjectRelation is { } member ? schema[member].Name : "");
    }

    private static IEnumerable<RelationTuple> ReadType(BoundSchema bound, EdgeType type, ulong revision, Instant now, TupleFilter filter)
    {
        NameTable resources = bound[bound.Schema[type.Relation].Type];
        NameTable subjects = bound[type.SubjectType];
        EdgeStore store = bound[type.Id];
        uint resource = filter.ResourceId is { } id ? resources.Find(id) : 0;
        if (filter.ResourceId is not null && resource == 0) yield break;
        bool wildcard = type.Kind == SubjectKind.Wildcard;
        uint subject = filter.Subject?.Id is { } subjectId && !wildcard ? subjects.Find(subjectId) : EdgeStore.Wildcard;
        bool oneSubject = filter.Subject?.Id is not null;
        if (oneSubject && !wildcard && subject == 0) yield break;

        foreach (EdgeVersion edge in Candidates(store, revision, resource, oneSubject, subject))
        {
            if (now >= edge.Window.ExpiresAt || resource != 0 && edge.Resource != resource || oneSubject && edge.Subject != subject) continue;
            if (filter.ResourceIdPrefix is { } prefix && !resources[edge.Resource].StartsWith(prefix, StringComparison.Ordinal)) continue;
            yield return TupleNames.Of(bound, type, edge.Resource, edge.Subject, edge.Window, edge.Caveat);
        }
    }

    private static IEnumerable<EdgeVersion> Candidates(EdgeStore store, ulong revision, uint resource, bool oneSubject, uint subject)
    {
        if (resource == 0 && !oneSubject)
        {
            for (int place = 1; place <= store.Count; place++)
                if (store[place].IsVisibleAt(revision)) yield return store[place];
            yield break;
        }
        EdgeStore.Walk walk = resource != 0 ? store.OfResource(resource, revision) : store.OfSubject(subject, revision);
        while (walk.MoveNext()) yield return walk.Current;
    }
}
