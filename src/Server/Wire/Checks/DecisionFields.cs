using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>Answers to checks as fields of the wire, as much of each as the caller is told.</summary>
internal static class DecisionFields
{
    /// <summary>The fields of a Decision.</summary>
    public static void Write(this FieldWriter to, in Answer answer, Access access, Evidence? evidence = null)
    {
        Answer told = answer.As(access);
        to.Number(Protocol.V1.Decision.OutcomeFieldNumber, (ulong)told.Outcome.ToWire());
        to.Number(Protocol.V1.Decision.CodeFieldNumber, (ulong)told.Code.ToWire());
        to.Number(Protocol.V1.Decision.HopFieldNumber, (ulong)told.Hop);
        if (!told.IsPermitted && told.Object != default) to.Write(Protocol.V1.Decision.ObjectFieldNumber, told.Object);
        to.Write(Protocol.V1.Decision.ValidUntilFieldNumber, told.ValidUntil);
        to.Message(Protocol.V1.Decision.ExplanationFieldNumber, evidence.As(told, access)?.ToWire());
        foreach (string name in told.Missing) to.Text(Protocol.V1.Decision.MissingContextFieldNumber, name);
    }

    /// <summary>A CheckBatchResult as one of the results of a CheckBatchResponse.</summary>
    public static void WriteResult(this FieldWriter to, in CheckResult result, Access access)
    {
        if (result.Rejection is { } rejection)
        {
            to.WriteError(rejection);
            return;
        }
        int begun = to.Begin(Protocol.V1.CheckBatchResponse.ResultsFieldNumber);
        to.WriteDecision(result.Answer, access);
        to.End(begun);
    }

    /// <summary>The same of an item that was not asked.</summary>
    public static void WriteError(this FieldWriter to, RejectionException rejection)
    {
        int begun = to.Begin(Protocol.V1.CheckBatchResponse.ResultsFieldNumber);
        to.Message(Protocol.V1.CheckBatchResult.ErrorFieldNumber, Statuses.ToItemError(rejection));
        to.End(begun);
    }

    /// <summary>A Decision; all that hold one hold it under the same number.</summary>
    public static void WriteDecision(this FieldWriter to, in Answer answer, Access access, Evidence? evidence = null)
    {
        int begun = to.Begin(Protocol.V1.CheckResponse.DecisionFieldNumber);
        to.Write(answer, access, evidence);
        to.End(begun);
    }

    /// <summary>A Snapshot; all that hold one hold it under the same number.</summary>
    public static void WriteSnapshot(this FieldWriter to, in Snapshot snapshot)
    {
        int begun = to.Begin(Protocol.V1.CheckResponse.SnapshotFieldNumber);
        to.Text(Protocol.V1.Snapshot.TokenFieldNumber, snapshot.Token);
        to.Number(Protocol.V1.Snapshot.RevisionFieldNumber, snapshot.Revision.Value);
        to.Write(Protocol.V1.Snapshot.InstantFieldNumber, snapshot.Instant);
        to.Text(Protocol.V1.Snapshot.SchemaDigestFieldNumber, snapshot.HasSchema ? snapshot.Schema.Digest.Hex : "");
        to.End(begun);
    }

    private static void Write(this FieldWriter to, int field, in ObjectRef value)
    {
        int begun = to.Begin(field);
        to.Text(Protocol.V1.ObjectReference.TypeFieldNumber, value.Type);
        to.Text(Protocol.V1.ObjectReference.IdFieldNumber, value.Id);
        to.End(begun);
    }

    private static void Write(this FieldWriter to, int field, Instant value)
    {
        if (!Times.TryToWire(value, out long seconds, out int nanos)) return;
        int begun = to.Begin(field);
        to.Number(Timestamp.SecondsFieldNumber, (ulong)seconds);
        to.Number(Timestamp.NanosFieldNumber, (ulong)nanos);
        to.End(begun);
    }
}
