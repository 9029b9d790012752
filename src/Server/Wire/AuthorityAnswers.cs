using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Server.Wire;

/// <summary>What came of a delegation or a task, in the words of the wire.</summary>
internal static class AuthorityAnswers
{
    public static AuthorityResponse ToAuthority(this in WriteReceipt receipt) =>
        new() { Token = receipt.Token, Revision = receipt.Revision.Value, CommittedAt = Times.ToWire(receipt.CommittedAt) };

    public static DelegateResponse ToWire(this in DelegationReceipt receipt) =>
        new() { Delegation = receipt.Delegation.ToWire(), EndsAt = Times.ToWire(receipt.EndsAt), Written = receipt.Written.ToAuthority() };

    public static OpenTaskResponse ToWire(this in TaskReceipt receipt) =>
        new() { Task = receipt.Task.ToWire(), EndsAt = Times.ToWire(receipt.EndsAt), Written = receipt.Written.ToAuthority() };

    public static ResumeResponse ToWire(this in ResumeReceipt receipt) =>
        new() { StillSuspendedBy = { receipt.StillSuspendedBy.Select(by => by.ToWire()) }, Written = receipt.Written.ToAuthority() };

    public static DescribeResponse ToWire(this DelegationReport report, Graph.Snapshot snapshot) => new()
    {
        Code = report.Code.ToWire(),
        Hop = (uint)report.Hop,
        Object = report.Object?.ToWire(),
        FailedFact = report.FailedFact?.ToWire(),
        Root = report.Root?.ToWire(),
        Chain = { report.Chain.Select(hop => hop.ToWire()) },
        Tasks = { report.Tasks.Select(ToWire) },
        Sponsors = { report.Sponsors.Select(sponsor => sponsor.ToWire()) },
        Lends = { report.Lends.Select(lent => lent.ToWire()) },
        Approvers = { report.Approvers.Select(approver => approver.ToWire()) },
        EndsAt = Times.ToWire(report.EndsAt),
        Snapshot = snapshot.ToWire(),
    };

    private static Protocol.V1.TaskReport ToWire(Graph.TaskReport report) => new()
    {
        Task = report.Task.ToWire(),
        Parent = report.Parent?.ToWire(),
        OpenedBy = report.OpenedBy?.ToWire(),
        ClosedBy = report.ClosedBy?.ToWire(),
        EndsAt = Times.ToWire(report.EndsAt),
    };
}
