using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.Graph.Watching.Decisions;

/// <summary>Which relations an answer can rest on.</summary>
/// <param name="Own">Those read on the resource asked about.</param>
/// <param name="Elsewhere">Those read on other objects: behind arrows and usersets, of principals.</param>
internal sealed record Reads(HashSet<MemberId> Own, HashSet<MemberId> Elsewhere);

/// <summary>
/// Works out what the answer to a question can rest on, under one schema: the relations its permission is computed from and, where the schema says who is
/// a principal, those that suspend principals and that sponsors are found by. What is asked with <c>acting</c> can rest on any.
/// </summary>
internal sealed class QuestionReads(CompiledSchema schema)
{
    private readonly Dictionary<(MemberId Member, bool OfPrincipal), Reads> _known = [];

    /// <summary>What it can rest on; null: anything.</summary>
    public Reads? Of(in CheckQuestion question)
    {
        if (!question.Acting.IsNone) return null;
        if (schema.FindType(question.Resource.Type) is not { } type || schema.FindMember(type.Id, question.Permission) is not { } member) return null;
        bool ofPrincipal = schema.UsesDelegation && question.Subject.Relation is null && schema.FindType(question.Subject.Object.Type)?.Role is Role.Principal;
        if (_known.TryGetValue((member.Id, ofPrincipal), out Reads? known)) return known;
        var reads = new Reads([], []);
        AddMember(reads, member.Id);
        if (ofPrincipal) AddPrincipals(reads);
        _known.Add((member.Id, ofPrincipal), reads);
        return reads;
    }

    private void AddMember(Reads reads, MemberId id)
    {
        if (!reads.Own.Add(id)) return;
        foreach (MemberUse use in MemberUses.Of(schema[id]))
            if (use.Place is UsePlace.Same or UsePlace.Along) AddMember(reads, use.Member);
            else AddElsewhere(reads, use.Member);
    }

    private void AddPrincipals(Reads reads)
    {
        foreach (ObjectType type in schema.Types)
        {
            if (type.SuspendedBy is { } suspended) reads.Elsewhere.Add(suspended);
            reads.Elsewhere.UnionWith(type.Within);
            if (type.Role is Role.Principal { Sponsor: { } sponsor }) AddElsewhere(reads, sponsor);
        }
    }

    private void AddElsewhere(Reads reads, MemberId member)
    {
        reads.Elsewhere.Add(member);
        reads.Elsewhere.UnionWith(Dependencies.ComputedFrom(schema, member));
    }
}
