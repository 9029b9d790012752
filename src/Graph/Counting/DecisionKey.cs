using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Counting;

/// <summary>What decisions are told apart by when they are counted. Nothing of it says who asked or about which object.</summary>
/// <param name="Code"><c>PERMITTED</c>, <c>CONDITIONAL</c>, a denial code, or the reason why there was no answer.</param>
internal readonly record struct DecisionKey(EnforcementDomain Domain, string Type, string Permission, string Mode, string Code)
{
    /// <summary>As meters take them, behind those of the graph.</summary>
    public KeyValuePair<string, object?>[] Tags(KeyValuePair<string, object?>[] ofGraph) =>
    [
        .. ofGraph, new("domain", Domain == EnforcementDomain.None ? "" : Domain.ToString().ToLowerInvariant()),
        new("type", Type), new("permission", Permission), new("mode", Mode), new("code", Code),
    ];
}

/// <summary>How somebody asked.</summary>
internal enum DecisionMode : byte
{
    /// <summary>A human, a service or anything else, for itself.</summary>
    Direct,

    /// <summary>An agent, for itself.</summary>
    Autonomous,

    /// <summary>By a delegation that it named.</summary>
    Delegated,

    /// <summary>For somebody, by whatever delegation there is.</summary>
    Discovered,

    /// <summary>Anything that was asked of the past, or at an instant of the caller's choice.</summary>
    Simulated,
}

internal static class DecisionModes
{
    public static readonly string[] Texts = Array.ConvertAll(Enum.GetNames<DecisionMode>(), name => name.ToLowerInvariant());

    public static DecisionMode Of(DecisionScope scope, in ResolvedQuestion question, SnapshotUse use)
    {
        if (use == SnapshotUse.Past) return DecisionMode.Simulated;
        if (question.Delegation is not null) return DecisionMode.Delegated;
        if (question.Root is not null) return DecisionMode.Discovered;
        return scope.Schema.UsesDelegation && Principals.KindOf(scope, question.Subject.Object) == PrincipalKind.Agent ? DecisionMode.Autonomous : DecisionMode.Direct;
    }
}

/// <summary>What a snapshot's decisions count as.</summary>
internal enum SnapshotUse : byte
{
    Present,
    Past,

    /// <summary>As nothing: somebody looks more closely at what is counted already.</summary>
    Uncounted,
}
