using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>What changes from one schema to another, in meaning: order, layout and parentheses that say nothing are no change.</summary>
public static class SchemaDiff
{
    /// <summary>
    /// Caveats by name (ordinal), then definitions by name; in each what is its own, then its relations and its permissions by name, then what lending
    /// covers; of one thing in the order of <see cref="ChangeKind"/>. Of an added or removed definition only that is said, and
    /// what lending covers.
    /// </summary>
    public static ImmutableArray<SchemaChange> Between(CompiledSchema before, CompiledSchema after)
    {
        SchemaPair pair = new(before, after);
        ILookup<string, SchemaChange> scopes = Scopes(before, after).ToLookup(change => change.Definition, StringComparer.Ordinal);
        IEnumerable<string> names = before.Types.Concat(after.Types).Select(type => type.Name).Distinct().Order(StringComparer.Ordinal);
        return [.. Delegation(before, after), .. new CaveatDiff(pair).Changes(), .. names.SelectMany(name => Definition(pair, name).Concat(scopes[name]))];
    }

    private static IEnumerable<SchemaChange> Delegation(CompiledSchema before, CompiledSchema after)
    {
        if (!before.UsesDelegation && after.UsesDelegation) yield return new SchemaChange(ChangeKind.DelegationTurnedOn, "");
        if (before.UsesDelegation && !after.UsesDelegation)
            yield return new SchemaChange(ChangeKind.DelegationTurnedOff, "").With(WideningRules.DelegationTurnedOff());
    }

    private static IEnumerable<SchemaChange> Definition(SchemaPair pair, string name) => (pair.Before.FindType(name), pair.After.FindType(name)) switch
    {
        ({ } before, { } after) => new DefinitionDiff(pair, before, after).Changes(),
        (null, { } added) => [new SchemaChange(ChangeKind.DefinitionAdded, name).With(WideningRules.DefinitionAdded(added))],
        _ => [new SchemaChange(ChangeKind.DefinitionRemoved, name)],
    };

    private static IEnumerable<SchemaChange> Scopes(CompiledSchema before, CompiledSchema after)
    {
        HashSet<LentScope> covered = LentReach.Of(before);
        HashSet<LentScope> covers = LentReach.Of(after);
        foreach (LentScope scope in Sorted(covered.Except(covers)))
            yield return new SchemaChange(ChangeKind.LentScopeRemoved, scope.Covered, scope.Permission, scope.Container);
        foreach (LentScope scope in Sorted(covers.Except(covered)))
            yield return new SchemaChange(ChangeKind.LentScopeAdded, scope.Covered, scope.Permission, null, scope.Container)
                .With(WideningRules.LentScopeAdded(scope));
    }

    private static IEnumerable<LentScope> Sorted(IEnumerable<LentScope> scopes) => scopes
        .OrderBy(s => s.Permission, StringComparer.Ordinal).ThenBy(s => s.Container, StringComparer.Ordinal).ThenBy(s => s.Delegation, StringComparer.Ordinal);

    internal static SchemaChange With(this SchemaChange change, Effect effect) =>
        change with { Widening = effect.Widening, Why = effect.Why };
}
