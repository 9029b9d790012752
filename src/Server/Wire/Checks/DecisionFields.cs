using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>Answers to checks as fields of the wire, as much of each as the caller is told.</summary>
internal static class DecisionFields
{
    /// <summary>The fields of a Decision.</summary>
    public static void Write(this FieldWriter to, in Answer answer, Access access, Evidence? evidence = null)
    {
        Answer told = answer.As(access);
        to.Number(1, (ulong)told.Outcome.ToWire());
        to.Number(2, (ulong)told.Code.ToWire());
        to.Number(3, (ulong)told.Hop);
        if (!told.IsPermitted && told.Object != default) to.Write(4, told.Object);
        to.Write(5, told.ValidUntil);
        to.Message(6, evidence.As(told, access)?.ToWire());
        foreach (string name in told.Missing) to.Text(7, name);
    }

    /// <summary>A CheckBatchResult as one of the results of a CheckBatchResponse.</summary>
    public static void WriteResult(this FieldWriter to, in CheckResult result, Access access)
    {
        if (result.Rejection is { } rejection)
        {
            to.WriteError(rejection);
            return;
        }
        int begun = to.Begin(1);
        to.WriteDecision(result.Answer, access);
        to.End(begun);
    }

    /// <summary>The same of an item that was not asked.</summary>
    public static void WriteError(this FieldWriter to, RejectionException rejection)
    {
        int begun = to.Begin(1);
        to.Message(2, Statuses.ToItemError(rejection));
        to.End(begun);
    }

    /// <summary>A Decision, which is field 1 of all that hold one.</summary>
    public static void WriteDecision(this FieldWriter to, in Answer answer, Access access, Evidence? evidence = null)
    {
        int begun = to.Begin(1);
        to.Write(answer, access, evidence);
        to.End(begun);
    }

    /// <summary>A Snapshot, which is field 2 of all that hold one.</summary>
    public static void WriteSnapshot(this FieldWriter to, in Snapshot snapshot)
    {
        int begun = to.Begin(2);
        to.Text(1, snapshot.Token);
        to.Number(2, snapshot.Revision.Value);
        to.Write(3, snapshot.Instant);
        to.Text(4, snapshot.Schema.Digest.Hex);
        to.End(begun);
    }

    private static void Write(this FieldWriter to, int field, in ObjectRef value)
    {
        int begun = to.Begin(field);
        to.Text(1, value.Type);
        to.Text(2, value.Id);
        to.End(begun);
    }

    private static void Write(this FieldWriter to, int field, Instant value)
    {
        if (!Times.TryToWire(value, out long seconds, out int nanos)) return;
        int begun = to.Begin(field);
        to.Number(1, (ulong)seconds);
        to.Number(2, (ulong)nanos);
        to.End(begun);
    }
}
