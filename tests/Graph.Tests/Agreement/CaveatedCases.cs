using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>
/// Adds caveats to a case: to what its schema allows, to some of its tuples, each with a part of its context, and to its
/// questions, each with another part.
/// </summary>
internal sealed class CaveatedCases(Case one, double tupleShare)
{
    private const int LargestValue = 4;

    private readonly Random _random = new(one.Seed + 7_919);

    public static Case Plain(int seed) => new CaveatedCases(PlainCases.Generate(seed), 0.5).Add();

    public static Case Delegation(int seed) => new CaveatedCases(DelegationCases.Generate(seed), 0.3).Add();

    private Case Add()
    {
        SchemaModel schema = one.Schema with
        {
            Caveats = Caveats.All,
            Definitions = [.. one.Schema.Definitions.Select(d => d with { Relations = [.. d.Relations.Select(r => MayCarry(d, r) ? Allowing(r) : r)] })],
        };
        return one with
        {
            Schema = schema,
            Tuples = [.. one.Tuples.Select(t => _random.Chance(tupleShare) ? Carrying(schema, t) : t)],
            Questions = [.. one.Questions.Select(q => q with { Question = q.Question with { ContextJson = QuestionContext() } })],
        };
    }

    /// <summary>Of role and containment relations only <c>delegate</c> and what a hop lends.</summary>
    private static bool MayCarry(Definition definition, RelationModel relation) => relation.Name != "suspended_by"
        && !definition.Within.Contains(relation.Name)
        && definition.Role switch
        {
            RoleKind.Human or RoleKind.Agent or RoleKind.Service => relation.Name != "sponsor",
            RoleKind.Task => false,
            RoleKind.Delegation => relation.Name is not ("delegator" or "parent" or "task" or "onward" or "approver" or "revoked_by"),
            _ => true,
        };

    /// <summary>Every allowed subject also with one caveat or two, with and without expiration as before.</summary>
    private RelationModel Allowing(RelationModel relation)
    {
        List<CaveatModel> caveats = _random.Some(Caveats.All, 1, 2);
        return relation with { Allowed = [.. relation.Allowed, .. relation.Allowed.SelectMany(a => caveats.Select(c => a with { Caveat = c.Name }))] };
    }

    private RelationTuple Carrying(SchemaModel schema, RelationTuple tuple)
    {
        string[] allowed = [.. (schema[tuple.Resource.Type].Relation(tuple.Relation)?.Allowed ?? []).Select(a => a.Caveat).OfType<string>().Distinct()];
        if (allowed.Length == 0) return tuple;
        string name = _random.Pick(allowed);
        CaveatModel caveat = Caveats.All.Single(c => c.Name == name);
        return tuple with { Caveat = new CaveatRef(caveat.Name, Context(caveat.Parameters, 0.4)) };
    }

    private string? QuestionContext() => Context(Caveats.Parameters, _random.Pick(0, 0.5, 0.8, 1));

    /// <summary>Values for some of the names; null for none.</summary>
    private string? Context(IEnumerable<string> names, double share)
    {
        string[] values = [.. names.Order(StringComparer.Ordinal).Where(_ => _random.Chance(share)).Select(name => $"\"{name}\":{_random.Next(LargestValue + 1)}")];
        return values.Length == 0 ? null : $"{{{string.Join(",", values)}}}";
    }
}
