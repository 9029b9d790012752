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
        switch (schema[id])
        {
            case Permission permission:
                AddRewrite(reads, permission.Rewrite);
                break;
            case Relation relation:
                foreach (EdgeType edge in relation.EdgeTypes)
                    if (edge.SubjectRelation is { } member) reads.Elsewhere.UnionWith(From(member));
                break;
        }
    }

    private void AddRewrite(Reads reads, Rewrite rewrite)
    {
        switch (rewrite)
        {
            case Rewrite.Reference reference: AddMember(reads, reference.Member); break;
            case Rewrite.Union union: foreach (Rewrite arm in union.Arms) AddRewrite(reads, arm); break;
            case Rewrite.Intersection intersection: foreach (Rewrite arm in intersection.Arms) AddRewrite(reads, arm); break;
            case Rewrite.Exclusion exclusion:
                AddRewrite(reads, exclusion.Base);
                AddRewrite(reads, exclusion.Subtracted);
                break;
            case Rewrite.Arrow arrow:
                AddMember(reads, arrow.Relation);
                foreach (ArrowTarget target in arrow.Targets) reads.Elsewhere.UnionWith(From(target.Member));
                break;
        }
    }

    private void AddPrincipals(Reads reads)
    {
        foreach (ObjectType type in schema.Types)
        {
            if (type.SuspendedBy is { } suspended) reads.Elsewhere.Add(suspended);
            reads.Elsewhere.UnionWith(type.Within);
            if (type.Role is Role.Principal { Sponsor: { } sponsor }) reads.Elsewhere.UnionWith(From(sponsor));
        }
    }

    private HashSet<MemberId> From(MemberId member)
    {
        HashSet<MemberId> reads = [member];
        foreach (MemberName name in Dependencies.DependentRelations(schema, member))
            if (schema.FindType(name.Definition) is { } type && schema.FindMember(type.Id, name.Name) is { } used) reads.Add(used.Id);
        return reads;
    }
}
