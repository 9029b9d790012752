using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>What changed in the caveats, by name; of a caveat its comment, its parameters by name, its expression.</summary>
internal sealed class CaveatDiff(SchemaPair pair)
{
    private readonly CaveatRules _rules = new(pair);

    public IEnumerable<SchemaChange> Changes() =>
        pair.Before.Caveats.Concat(pair.After.Caveats).Select(caveat => caveat.Name).Distinct().Order(StringComparer.Ordinal).SelectMany(Caveat);

    private IEnumerable<SchemaChange> Caveat(string name) => (pair.Before.FindCaveat(name), pair.After.FindCaveat(name)) switch
    {
        ({ } before, { } after) => [.. Comment(before, after), .. Parameters(before, after), .. Expression(before, after)],
        (null, _) => [new SchemaChange(ChangeKind.CaveatAdded, name)],
        _ => [new SchemaChange(ChangeKind.CaveatRemoved, name)],
    };

    private static IEnumerable<SchemaChange> Comment(Caveat before, Caveat after)
    {
        if (before.Comment != after.Comment)
            yield return new SchemaChange(ChangeKind.CaveatCommentChanged, after.Name, null, before.Comment, after.Comment);
    }

    private IEnumerable<SchemaChange> Parameters(Caveat before, Caveat after)
    {
        Dictionary<string, string> took = Types(before);
        Dictionary<string, string> takes = Types(after);
        foreach (string name in Sorted(took.Keys.Except(takes.Keys)))
            yield return new SchemaChange(ChangeKind.CaveatParameterRemoved, after.Name, name, took[name]);
        foreach (string name in Sorted(takes.Keys.Except(took.Keys)))
            yield return new SchemaChange(ChangeKind.CaveatParameterAdded, after.Name, name, null, takes[name]);
        foreach (string name in Sorted(takes.Keys.Where(name => took.TryGetValue(name, out string? type) && type != takes[name])))
            yield return new SchemaChange(ChangeKind.CaveatParameterTypeChanged, after.Name, name, took[name], takes[name])
                .With(_rules.ParameterTypeChanged(after));
    }

    private IEnumerable<SchemaChange> Expression(Caveat before, Caveat after)
    {
        CaveatInclusion inclusion = new(before.Expression, after.Expression);
        (string was, string becomes) = inclusion.Texts;
        if (was != becomes)
            yield return new SchemaChange(ChangeKind.CaveatExpressionChanged, after.Name, null, was, becomes)
                .With(_rules.ExpressionChanged(after, inclusion));
    }

    private static Dictionary<string, string> Types(Caveat caveat) =>
        caveat.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Type.ToString(), StringComparer.Ordinal);

    private static IOrderedEnumerable<string> Sorted(IEnumerable<string> names) => names.Order(StringComparer.Ordinal);
}

/// <summary>
/// Whether a change of a caveat widens authority. It does what it does to the relations that use it; those a permission subtracts
/// widen when the caveat holds less often.
/// </summary>
internal sealed class CaveatRules(SchemaPair pair)
{
    private readonly ILookup<CaveatId, Relation> _uses = CaveatUses.Of(pair.After);

    public Effect ParameterTypeChanged(Caveat after) =>
        _uses[after.Id].Any() ? Effect.May("the same expression can come out differently") : Effect.None;

    public Effect ExpressionChanged(Caveat after, CaveatInclusion inclusion)
    {
        Relation[] users = [.. _uses[after.Id]];
        Widening grows = users.Any(user => !pair.SignsAfter.OnlySubtracts(user.Id)) ? inclusion.Grows : Widening.No;
        if (grows == Widening.Yes) return Effect.Yes("it holds whenever it held, and more often");
        if (users.Any(user => pair.SignsAfter.MaySubtract(user.Id)) && inclusion.MayNarrow)
            return Effect.May("it may hold less often where a permission subtracts it");
        return grows == Widening.May ? Effect.May("it can't be told whether it holds more often") : Effect.None;
    }
}
