using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire.Checks;
using HopVerdict = AuthzGraph.Graph.HopVerdict;
using WireDiagnostic = AuthzGraph.Protocol.V1.Diagnostic;
using WireSeverity = AuthzGraph.Protocol.V1.Diagnostic.Types.Severity;
using WireVerdict = AuthzGraph.Protocol.V1.HopReport.Types.Verdict;

namespace AuthzGraph.Server.Wire;

/// <summary>What the graph answers, in the words of the wire.</summary>
internal static class Answers
{
    public static Protocol.V1.Snapshot ToWire(this in Graph.Snapshot snapshot) => new()
    {
        Token = snapshot.Token,
        Revision = snapshot.Revision.Value,
        Instant = Times.ToWire(snapshot.Instant),
        SchemaDigest = snapshot.Schema.Digest.Hex,
    };

    /// <summary>As much of an answer as the caller is told.</summary>
    public static Decision ToWire(this in Answer answer, Access access)
    {
        FieldWriter fields = new();
        fields.Write(answer, access);
        return Decision.Parser.ParseFrom(fields.Written);
    }

    public static WatchDecisionResponse ToWire(this DecisionChange change, Access access)
    {
        var wire = new WatchDecisionResponse { Item = (uint)change.Question, Snapshot = change.Snapshot.ToWire() };
        if (change.Error is { } error) wire.Error = Statuses.ToItemError(error);
        else wire.Decision = change.Answer.ToWire(access);
        return wire;
    }

    public static WireDiagnostic ToWire(this SchemaCompiler.Diagnostic diagnostic) => new()
    {
        Code = diagnostic.Code,
        Severity = diagnostic.Severity == Severity.Error ? WireSeverity.Error : WireSeverity.Warning,
        Line = (uint)diagnostic.Position.Line,
        Column = (uint)diagnostic.Position.Column,
        Start = (uint)diagnostic.Span.Start,
        Length = (uint)diagnostic.Span.Length,
        Message = diagnostic.Message,
        Help = diagnostic.Help ?? "",
    };

    public static Protocol.V1.Outcome ToWire(this Model.Outcome outcome) => outcome switch
    {
        Model.Outcome.Permitted => Protocol.V1.Outcome.Permitted,
        Model.Outcome.Denied => Protocol.V1.Outcome.Denied,
        Model.Outcome.Conditional => Protocol.V1.Outcome.Conditional,
        _ => throw new InvariantException("broken invariant: a decision without an outcome is an error, never an answer"),
    };

    public static Explanation ToWire(this Evidence evidence)
    {
        var wire = new Explanation { Root = evidence.Root?.ToWire(), FailedFact = evidence.FailedFact?.ToWire() };
        wire.Chain.AddRange(evidence.Chain.Select(ToWire));
        wire.Sponsors.AddRange(evidence.Sponsors.Select(ToWire));
        wire.Witness.AddRange(evidence.Witness.Select(References.ToWire));
        wire.Remedies.AddRange(evidence.Remedies.Select(Remedies.ToWire));
        return wire;
    }

    public static Protocol.V1.Sponsorship ToWire(this Graph.Sponsorship sponsorship) =>
        new() { Agent = sponsorship.Agent.ToWire(), Human = sponsorship.Human.ToWire() };

    public static Protocol.V1.HopReport ToWire(this Graph.HopReport report) => new()
    {
        Hop = report.Hop.ToWire(),
        Delegator = report.Delegator?.ToWire(),
        Delegate = report.Delegate?.ToWire(),
        Task = report.Task?.ToWire(),
        NotBefore = Times.ToWire(report.Window.NotBefore),
        ExpiresAt = Times.ToWire(report.Window.ExpiresAt),
        Verdict = report.Verdict.ToWire(),
        Code = report.Code.ToWire(),
    };

    private static WireVerdict ToWire(this HopVerdict verdict) => verdict switch
    {
        HopVerdict.NotReached => WireVerdict.NotReached,
        HopVerdict.Holds => WireVerdict.Holds,
        HopVerdict.Broken => WireVerdict.Broken,
        _ => throw new UnreachableException(),
    };
}
