using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Network;

/// <summary>
/// Reads a filter, a relationship with parts left out: <c>document</c>, <c>document:readme</c>, <c>document:plan*</c>,
/// <c>document:readme#viewer</c>, <c>document#viewer@user:ann</c>, <c>@user:ann</c>, <c>document@group:eng#member</c>.
/// </summary>
internal static class FilterText
{
    private const string Form = "a filter is written type[:id][#relation][@subject-type[:id][#relation]], with any part left out";

    public static RelationshipFilter Parse(string text)
    {
        (string resource, string relation, string subject) = Split(text);
        (string type, string id) = SplitObject(resource, text);
        bool isPrefix = id.EndsWith('*');
        if (relation.Length > 0 && !Names.IsRelation(relation)) throw Malformed(text);
        return new RelationshipFilter
        {
            ResourceType = type,
            ResourceId = isPrefix ? "" : id,
            ResourceIdPrefix = isPrefix ? id[..^1] : "",
            Relation = relation,
            Subject = subject.Length == 0 ? null : Subject(subject, text),
        };
    }

    // Ids may hold `@`: after a relation the first one starts the subject; without one, only an `@` before any `:` does.
    private static (string Resource, string Relation, string Subject) Split(string text)
    {
        int hash = text.IndexOf('#');
        int colon = text.IndexOf(':');
        int at = text.IndexOf('@');
        if (at >= 0 && (colon < 0 || at < colon) && (hash < 0 || at < hash)) return (text[..at], "", text[(at + 1)..]);
        if (hash < 0) return (text, "", "");
        at = text.IndexOf('@', hash);
        return at < 0 ? (text[..hash], text[(hash + 1)..], "") : (text[..hash], text[(hash + 1)..at], text[(at + 1)..]);
    }

    private static SubjectFilter Subject(string subject, string text)
    {
        int hash = subject.IndexOf('#');
        (string type, string id) = SplitObject(hash < 0 ? subject : subject[..hash], text);
        if (type.Length == 0) throw Malformed(text);
        SubjectFilter filter = new() { Type = type, Id = id };
        if (hash >= 0) filter.Relation = subject[(hash + 1)..] is "..." ? "" : subject[(hash + 1)..];
        return filter;
    }

    private static (string Type, string Id) SplitObject(string part, string text)
    {
        int colon = part.IndexOf(':');
        string type = colon < 0 ? part : part[..colon];
        if (type.Length > 0 && !Names.IsType(type)) throw Malformed(text);
        return (type, colon < 0 ? "" : part[(colon + 1)..]);
    }

    private static CommandException Malformed(string text) => new($"`{text}` is no filter: {Form}");
}
