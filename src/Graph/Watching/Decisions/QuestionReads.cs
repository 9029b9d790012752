using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.Graph.Watching.Decisions;

/// <summary>
/// Which relations the answer to a question can rest on, under one schema: those its permission is computed from and, where the schema says who is a
/// principal, those that suspend principals and that sponsors are found by. What is asked with <c>acting</c> can rest on any.
/// </summary>
internal sealed class QuestionReads(CompiledSchema schema)
{
    private readonly Dictionary<(MemberId Member, bool OfPrincipal), HashSet<MemberId>> _known = [];

    /// <summary>The relations; null: any.</summary>
    public HashSet<MemberId>? Of(in CheckQuestion question)
    {
        if (!question.Acting.IsNone) return null;
        if (schema.FindType(question.Resource.Type) is not { } type || schema.FindMember(type.Id, question.Permission) is not { } member) return null;
        bool ofPrincipal = schema.UsesDelegation && question.Subject.Relation is null && schema.FindType(question.Subject.Object.Type)?.Role is Role.Principal;
        if (_known.TryGetValue((member.Id, ofPrincipal), out HashSet<MemberId>? reads)) return reads;
        reads = From(member.Id);
        if (ofPrincipal) reads.UnionWith(OfPrincipals());
        _known.Add((member.Id, ofPrincipal), reads);
        return reads;
    }

    /// <summary>The relations that were written, of the edge types that the log calls by these numbers.</summary>
    public static HashSet<MemberId> Written(BoundSchema bound, HashSet<uint> edgeTypes) =>
        [.. bound.Schema.EdgeTypes.Where(type => edgeTypes.Contains(bound[type.Id].LogNumber)).Select(type => type.Relation)];

    private HashSet<MemberId> OfPrincipals()
    {
        HashSet<MemberId> reads = [];
        foreach (ObjectType type in schema.Types)
        {
            if (type.SuspendedBy is { } suspended) reads.Add(suspended);
            reads.UnionWith(type.Within);
            if (type.Role is Role.Principal { Sponsor: { } sponsor }) reads.UnionWith(From(sponsor));
        }
        return reads;
    }

    private HashSet<MemberId> From(MemberId member)
    {
        HashSet<MemberId> reads = [member];
        foreach (MemberName name in Dependencies.DependentRelations(schema, member))
            if (schema.FindType(name.Definition) is { } type && schema.FindMember(type.Id, name.Name) is { } used) reads.Add(used.Id);
        return reads;
    }
}
