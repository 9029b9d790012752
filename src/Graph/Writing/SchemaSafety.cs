using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// A schema that would orphan stored tuples, or take a role from under them, is refused. Only edge types that a change
/// touches are looked through. A write does so twice: at a snapshot, beside the writers, and then, as the writer, only at
/// what was written since; so a long look stops nobody.
/// </summary>
internal sealed class SchemaSafety(BoundSchema before, CompiledSchema after)
{
    private readonly Dictionary<string, EdgeType> _kept = after.EdgeTypes.ToDictionary(type => BoundSchema.Text(after, type));

    /// <summary>Rejects the schema with the first tuple it would break at a revision.</summary>
    /// <param name="since">Tuples of this revision and of those before it are known to be safe.</param>
    public void Expect(ulong revision, Instant now, ulong since = 0)
    {
        foreach (Threat threat in Threats())
            foreach (RelationTuple tuple in Broken(threat, revision, now, since)) throw Rejections.SchemaOrphans(threat.Change, tuple);
    }

    /// <summary>Everything it would break at a revision, in the order of the schema that is there.</summary>
    public IEnumerable<SafetyViolation> Violations(ulong revision, Instant now)
    {
        foreach (IGrouping<string, Threat> change in Threats().GroupBy(threat => threat.Change))
        {
            long count = 0;
            RelationTuple? example = null;
            foreach (RelationTuple tuple in change.SelectMany(threat => Broken(threat, revision, now, since: 0)))
            {
                example ??= tuple;
                count++;
            }
            if (example is { } first) yield return new SafetyViolation(change.Key, count, first);
        }
    }

    /// <summary>Why tuples of one edge type can't stay as they are.</summary>
    private readonly record struct Threat(EdgeType Type, string Change, Func<EdgeVersion, bool> Breaks);

    private IEnumerable<Threat> Threats() => before.Schema.EdgeTypes.SelectMany(type => OfType(type).Concat(OfRoles(type)));

    private IEnumerable<Threat> OfType(EdgeType type)
    {
        string text = BoundSchema.Text(before.Schema, type);
        if (!_kept.TryGetValue(text, out EdgeType? kept))
        {
            yield return new Threat(type, $"`{text}` can't be removed", _ => true);
            yield break;
        }
        foreach (EdgeTrait trait in type.Traits)
        {
            Caveat? caveat = trait.Caveat is { } id ? before.Schema[id] : null;
            Caveat? keptCaveat = caveat is null ? null : after.FindCaveat(caveat.Name);
            bool isKept = (caveat is null) == (keptCaveat is null) && kept.Allows(keptCaveat?.Id, trait.Expiration);
            if (!isKept) yield return new Threat(type, Lost(text, kept, caveat, trait.Expiration), edge => IsLike(edge, caveat, trait));
            else if (caveat is not null && keptCaveat is not null && !caveat.Parameters.SequenceEqual(keptCaveat.Parameters))
                yield return new Threat(type, $"the parameters of caveat `{caveat.Name}` can't be changed so", edge => !Fits(edge, caveat, keptCaveat));
        }
    }

    private string Lost(string text, EdgeType kept, Caveat? caveat, bool expiration) => caveat is null && !expiration
        ? $"`{text}` can't be limited to {string.Join(" or ", kept.Traits.Select(t => Text(t.Caveat is { } id ? after[id] : null, t.Expiration)))}"
        : $"{Text(caveat, expiration)} can't be taken from `{text}`";

    private static string Text(Caveat? caveat, bool expiration) => (caveat, expiration) switch
    {
        (null, _) => "`with expiration`",
        ({ } named, false) => $"`with {named.Name}`",
        ({ } named, true) => $"`with {named.Name} and expiration`",
    };

    // a start without an end relies on expiration too
    private bool IsLike(in EdgeVersion edge, Caveat? caveat, EdgeTrait trait) =>
        before.CaveatText(edge.Caveat)?.Name == caveat?.Name
        && (edge.Window.ExpiresAt.IsFinite == trait.Expiration || trait.Expiration && edge.Window.NotBefore.IsFinite);

    private bool Fits(in EdgeVersion edge, Caveat caveat, Caveat kept) =>
        before.CaveatText(edge.Caveat) is not { } written || written.Name != caveat.Name || BoundCaveat.TryRead(kept, written, out _, out _);

    /// <summary>The tuples that rely on a role are those of its objects and those that name them.</summary>
    private IEnumerable<Threat> OfRoles(EdgeType type)
    {
        foreach (TypeId id in new[] { before.Schema[type.Relation].Type, type.SubjectType }.Distinct())
        {
            ObjectType old = before.Schema[id];
            if (old.Role is not Role.None && !IsSameRole(old.Role, after.FindType(old.Name)?.Role))
                yield return new Threat(type, $"the role of `{old.Name}` can't be removed or changed", _ => true);
        }
    }

    private static bool IsSameRole(Role before, Role? after) => (before, after) switch
    {
        (Role.Principal old, Role.Principal kept) => old.Kind == kept.Kind,
        (Role.Task, Role.Task) => true,
        (Role.Delegation, Role.Delegation) => true,
        _ => false,
    };

    private IEnumerable<RelationTuple> Broken(Threat threat, ulong revision, Instant now, ulong since)
    {
        EdgeStore store = before[threat.Type.Id];
        IEnumerable<IEnumerable<EdgeVersion>> slices = since > 0 && since >= before.Index.Horizon.Revision.Value
            ? [store.WrittenSince(since)]
            : new EdgeScan(before.Index, store, revision, now).Slices();
        foreach (EdgeVersion edge in slices.SelectMany(slice => slice))
            if (now < edge.Window.ExpiresAt && threat.Breaks(edge))
                yield return TupleNames.Of(before, threat.Type, edge.Resource, edge.Subject, edge.Window, edge.Caveat);
    }
}
