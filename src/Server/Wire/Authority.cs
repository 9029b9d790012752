using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Security;
using Google.Protobuf.WellKnownTypes;
using ApproveRequest = AuthzGraph.Graph.ApproveRequest;
using CloseTaskRequest = AuthzGraph.Graph.CloseTaskRequest;
using DelegateRequest = AuthzGraph.Graph.DelegateRequest;
using Lending = AuthzGraph.Graph.Lending;
using OpenTaskRequest = AuthzGraph.Graph.OpenTaskRequest;
using ResumeRequest = AuthzGraph.Graph.ResumeRequest;
using RevokeRequest = AuthzGraph.Graph.RevokeRequest;
using SuspendRequest = AuthzGraph.Graph.SuspendRequest;

namespace AuthzGraph.Server.Wire;

/// <summary>Delegations and tasks, in both directions; and as whom a caller may act.</summary>
internal static class Authority
{
    // longer than any instant there is
    private const double MostSeconds = 400_000_000_000;

    public static DelegateRequest ToModel(this Protocol.V1.DelegateRequest wire, Access access) => new()
    {
        By = ToDeed(wire.Act, access),
        Type = wire.Type.OrNull(),
        Id = wire.Id.OrNull(),
        Delegate = wire.Delegate.ToResource("delegate"),
        Parent = wire.Parent?.ToResource("parent"),
        Task = wire.Task?.ToResource("task"),
        Lends = [.. wire.Lends.Select(ToModel)],
        Onward = [.. wire.Onward.Select(next => next.ToModel("onward"))],
        Term = ToTerm(wire.NotBefore, wire.ExpiresAt, wire.Lasting),
        Caveat = ToModel(wire.Caveat),
    };

    public static ApproveRequest ToModel(this Protocol.V1.ApproveRequest wire, Access access) => new()
    {
        By = ToDeed(wire.Act, access),
        Delegation = wire.Delegation.ToResource("delegation"),
        ExpiresAt = End(wire.ExpiresAt),
    };

    public static RevokeRequest ToModel(this Protocol.V1.RevokeRequest wire, Access access) =>
        new() { By = ToDeed(wire.Act, access), Delegation = wire.Delegation.ToResource("delegation") };

    public static OpenTaskRequest ToModel(this Protocol.V1.OpenTaskRequest wire, Access access) => new()
    {
        By = ToDeed(wire.Act, access),
        Type = wire.Type.OrNull(),
        Id = wire.Id.OrNull(),
        Parent = wire.Parent?.ToResource("parent"),
        Term = ToTerm(wire.NotBefore, wire.ExpiresAt, wire.Lasting),
    };

    public static CloseTaskRequest ToModel(this Protocol.V1.CloseTaskRequest wire, Access access) =>
        new() { By = ToDeed(wire.Act, access), Task = wire.Task.ToResource("task") };

    public static SuspendRequest ToModel(this Protocol.V1.SuspendRequest wire, Access access) => new()
    {
        By = ToDeed(wire.Act, access),
        Principal = wire.Principal.ToResource("principal"),
        ExpiresAt = End(wire.ExpiresAt),
    };

    public static ResumeRequest ToModel(this Protocol.V1.ResumeRequest wire, Access access) =>
        new() { By = ToDeed(wire.Act, access), Principal = wire.Principal.ToResource("principal") };

    /// <summary>Who looks at a chain; null: one who may see all.</summary>
    public static ObjectRef? ToViewer(this Protocol.V1.DescribeRequest wire, Access access)
    {
        if (access.Principal is not null) return Principal(wire.As, access);
        access.Require(Rights.Audit);
        return wire.As?.ToResource("as");
    }

    private static Deed ToDeed(Act? wire, Access access)
    {
        ObjectRef principal = Principal(wire?.As, access);
        if (access.Principal is null) access.Require(Rights.Authority);
        if (wire is { Administrator: true }) access.Require(Rights.Admin);
        return new Deed
        {
            As = principal,
            Standing = wire is { Administrator: true } ? Standing.Administrator : Standing.Party,
            IdempotencyKey = wire?.IdempotencyKey.OrNull(),
            IdempotencyScope = access.Credential,
            MetadataJson = Contexts.ToJson(wire?.Metadata),
        };
    }

    private static ObjectRef Principal(ObjectReference? named, Access access)
    {
        if (access.Principal is not { } bound) return named.ToResource("act.as");
        bool repeats = named is null || named.ToResource("act.as") == bound;
        return repeats ? bound : throw Refusals.NotThatPrincipal(access.Credential, bound);
    }

    private static Lending ToModel(Protocol.V1.Lending wire)
    {
        if (!Names.IsRelation(wire.Permission)) throw Rejection.InvalidText("lends.permission", wire.Permission, "as in the schema: 3–64 of a–z 0–9 _");
        return new Lending(wire.Permission, wire.Resource.ToModel("lends.resource"), ToModel(wire.Caveat));
    }

    private static CaveatRef? ToModel(Caveat? wire) => wire is null ? null : new CaveatRef(wire.Name, Contexts.ToJson(wire.Context));

    private static Term ToTerm(Timestamp? notBefore, Timestamp? expiresAt, Duration? lasting) => new(
        notBefore is null ? null : Times.ToWindow(notBefore, null).NotBefore,
        End(expiresAt),
        lasting is null ? null : TimeSpan.FromSeconds(Math.Clamp(lasting.Seconds, -MostSeconds, MostSeconds)) + TimeSpan.FromMicroseconds(lasting.Nanos / 1_000));

    private static Instant? End(Timestamp? wire) => wire is null ? null : Times.ToWindow(null, wire).ExpiresAt;
}
