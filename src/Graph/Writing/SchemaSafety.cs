using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// A schema that would orphan stored tuples, or take a role from under them, is refused. Only edge types that a change
/// touches are looked through.
/// </summary>
internal sealed class SchemaSafety
{
    private readonly BoundSchema _before;
    private readonly CompiledSchema _after;
    private readonly Dictionary<string, EdgeType> _kept;
    private readonly Threat[] _threats;

    public SchemaSafety(BoundSchema before, CompiledSchema after)
    {
        (_before, _after) = (before, after);
        _kept = after.EdgeTypes.ToDictionary(type => BoundSchema.Text(after, type));
        _threats = [.. before.Schema.EdgeTypes.SelectMany(type => OfType(type).Concat(OfRoles(type)))];
    }

    /// <summary>Rejects the schema with the first tuple it would break at a revision.</summary>
    public void Expect(ulong revision, Instant now)
    {
        foreach (Threat threat in _threats)
            foreach (RelationTuple tuple in Broken(threat, revision, now)) throw Rejections.SchemaOrphans(threat.Change, tuple);
    }

    /// <summary>Writer only: the same for tuples written after a revision that can be read, some of them with every step.</summary>
    public IEnumerable<int> ExpectSince(ulong revision, Instant now)
    {
        foreach (Threat threat in _threats)
            foreach (List<EdgeVersion> written in _before[threat.Type.Id].WrittenSince(revision))
            {
                foreach (RelationTuple tuple in Broken(threat, written, now)) throw Rejections.SchemaOrphans(threat.Change, tuple);
                yield return written.Count;
            }
    }

    /// <summary>Everything it would break at a revision, in the order of the schema that is there.</summary>
    public IEnumerable<SafetyViolation> Violations(ulong revision, Instant now)
    {
        foreach (IGrouping<string, Threat> change in _threats.GroupBy(threat => threat.Change))
        {
            long count = 0;
            RelationTuple? example = null;
            foreach (RelationTuple tuple in change.SelectMany(threat => Broken(threat, revision, now)))
            {
                example ??= tuple;
                count++;
            }
            if (example is { } first) yield return new SafetyViolation(change.Key, count, first);
        }
    }

    /// <summary>Why tuples of one edge type can't stay as they are.</summary>
    private readonly record struct Threat(EdgeType Type, string Change, Func<EdgeVersion, bool> Breaks);

    private IEnumerable<Threat> OfType(EdgeType type)
    {
        string text = BoundSchema.Text(_before.Schema, type);
        if (!_kept.TryGetValue(text, out EdgeType? kept))
        {
            yield return new Threat(type, $"`{text}` can't be removed", _ => true);
            yield break;
        }
        foreach (EdgeTrait trait in type.Traits)
        {
            Caveat? caveat = trait.Caveat is { } id ? _before.Schema[id] : null;
            Caveat? keptCaveat = caveat is null ? null : _after.FindCaveat(caveat.Name);
            bool isKept = (caveat is null) == (keptCaveat is null) && kept.Allows(keptCaveat?.Id, trait.Expiration);
            if (!isKept) yield return new Threat(type, Lost(text, kept, caveat, trait.Expiration), edge => IsLike(edge, caveat, trait));
            else if (caveat is not null && keptCaveat is not null && !caveat.Parameters.SequenceEqual(keptCaveat.Parameters))
                yield return new Threat(type, $"the parameters of caveat `{caveat.Name}` can't be changed so", edge => !Fits(edge, caveat, keptCaveat));
        }
    }

    private string Lost(string text, EdgeType kept, Caveat? caveat, bool expiration) => caveat is null && !expiration
        ? $"`{text}` can't be limited to {string.Join(" or ", kept.Traits.Select(t => Text(t.Caveat is { } id ? _after[id] : null, t.Expiration)))}"
        : $"{Text(caveat, expiration)} can't be taken from `{text}`";

    private static string Text(Caveat? caveat, bool expiration) => (caveat, expiration) switch
    {
        (null, _) => "`with expiration`",
        ({ } named, false) => $"`with {named.Name}`",
        ({ } named, true) => $"`with {named.Name} and expiration`",
    };

    // a start without an end relies on expiration too
    private bool IsLike(in EdgeVersion edge, Caveat? caveat, EdgeTrait trait) =>
        _before.CaveatText(edge.Caveat)?.Name == caveat?.Name
        && (edge.Window.ExpiresAt.IsFinite == trait.Expiration || trait.Expiration && edge.Window.NotBefore.IsFinite);

    private bool Fits(in EdgeVersion edge, Caveat caveat, Caveat kept) =>
        _before.CaveatText(edge.Caveat) is not { } written || written.Name != caveat.Name || BoundCaveat.TryRead(kept, written, out _, out _);

    /// <summary>The tuples that rely on a role are those of its objects and those that name them.</summary>
    private IEnumerable<Threat> OfRoles(EdgeType type)
    {
        foreach (TypeId id in new[] { _before.Schema[type.Relation].Type, type.SubjectType }.Distinct())
        {
            ObjectType old = _before.Schema[id];
            if (old.Role is not Role.None && !IsSameRole(old.Role, _after.FindType(old.Name)?.Role))
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

    private IEnumerable<RelationTuple> Broken(Threat threat, ulong revision, Instant now) =>
        new EdgeScan(_before.Index, _before[threat.Type.Id], revision, now).Slices().SelectMany(slice => Broken(threat, slice, now));

    private IEnumerable<RelationTuple> Broken(Threat threat, List<EdgeVersion> edges, Instant now)
    {
        foreach (EdgeVersion edge in edges)
            if (now < edge.Window.ExpiresAt && threat.Breaks(edge))
                yield return TupleNames.Of(_before, threat.Type, edge.Resource, edge.Subject, edge.Window, edge.Caveat);
    }
}
