using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Security;
using WireChangeKind = AuthzGraph.Protocol.V1.RelationshipChange.Types.Kind;
using WireMode = AuthzGraph.Protocol.V1.ImportOptions.Types.Mode;
using WireOperation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;
using WireProgress = AuthzGraph.Protocol.V1.DeleteRelationshipsResponse.Types.Progress;
using WireWatchKind = AuthzGraph.Protocol.V1.WatchRelationshipsRequest.Types.Kind;
using WireWindowKind = AuthzGraph.Protocol.V1.WindowChange.Types.Kind;

namespace AuthzGraph.Server.Wire;

/// <summary>Imports, exports, deletes and watches, in both directions.</summary>
internal static class Streams
{
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMilliseconds(10);

    public static ImportRequest ToModel(this ImportOptions? wire, Access access)
    {
        wire ??= new ImportOptions();
        var request = new ImportRequest
        {
            Mode = wire.Mode == WireMode.Atomic ? ImportMode.Atomic : ImportMode.Chunks,
            Kind = ToKind(wire.Operation),
            Id = wire.Id.OrNull(),
            MetadataJson = Contexts.ToJson(wire.Metadata),
            IdempotencyScope = access.Credential,
            Right = access.WriteRight,
        };
        return wire.ChunkSize == 0 ? request : request with { ChunkSize = (int)Math.Min(wire.ChunkSize, int.MaxValue) };
    }

    public static ExportRequest ToModel(this ExportRelationshipsRequest wire, int mostPerPage) => new()
    {
        Consistency = wire.Consistency.ToModel(),
        Filter = wire.Filter?.ToModel(),
        Cursor = wire.Cursor.OrNull(),
        PageSize = wire.PageSize == 0 ? mostPerPage : (int)Math.Min(wire.PageSize, (uint)mostPerPage),
    };

    public static WatchRequest ToModel(this WatchRelationshipsRequest wire)
    {
        var request = new WatchRequest
        {
            After = wire.After.OrNull(),
            WindowsAfter = wire.WindowsAfter is { } after ? Times.ToWindow(after, null).NotBefore : null,
            Filters = [.. wire.Filters.Select(Requests.ToModel)],
        };
        if (wire.Kinds.Count > 0) request = request with { Kinds = wire.Kinds.Aggregate(WatchKinds.None, (kinds, kind) => kinds | ToKind(kind)) };
        if (wire.CheckpointEvery is not { } every) return request;
        TimeSpan silence = TimeSpan.FromSeconds(Math.Clamp(every.Seconds, 0, 86_400)) + TimeSpan.FromMicroseconds(every.Nanos / 1_000);
        return request with { CheckpointEvery = silence < ShortestSilence ? ShortestSilence : silence };
    }

    public static DeleteRelationshipsResponse ToWire(this in DeleteReceipt receipt) => new()
    {
        Token = receipt.Written.Token,
        Revision = receipt.Written.Revision.Value,
        CommittedAt = Times.ToWire(receipt.Written.CommittedAt),
        Deleted = (ulong)receipt.Deleted,
        Progress = receipt.IsComplete ? WireProgress.Complete : WireProgress.Partial,
    };

    public static ImportRelationshipsResponse ToWire(this in ImportReceipt receipt) => new()
    {
        Imported = (ulong)receipt.Tuples,
        Token = receipt.Written.Token,
        Revision = receipt.Written.Revision.Value,
        CommittedAt = Times.ToWire(receipt.Written.CommittedAt),
    };

    public static ExportRelationshipsResponse ToWire(this ExportPage page) => new()
    {
        Relationships = { page.Tuples.Select(tuple => tuple.ToWire()) },
        Cursor = page.Cursor,
        Last = page.IsLast,
        Snapshot = page.Snapshot.ToWire(),
    };

    public static WatchRelationshipsResponse ToWire(this WatchEvent told)
    {
        var wire = new WatchRelationshipsResponse { Token = told.Token ?? "", Revision = told.Revision.Value, Instant = Times.ToWire(told.Instant) };
        switch (told)
        {
            case WatchEvent.Changed changed:
                wire.Metadata = Contexts.ToWire(changed.MetadataJson);
                wire.Changes = new RelationshipChanges { Changes = { changed.Changes.Select(ToWire) } };
                break;
            case WatchEvent.SchemaChanged schema:
                wire.Schema = new SchemaWritten { SchemaDigest = schema.Schema.Digest.Hex };
                break;
            case WatchEvent.WindowsChanged windows:
                wire.Windows = new WindowChanges { Changes = { windows.Changes.Select(ToWire) } };
                break;
            case WatchEvent.Checkpoint:
                wire.Checkpoint = new Checkpoint();
                break;
            default:
                throw new UnreachableException();
        }
        return wire;
    }

    private static RelationshipChange ToWire(TupleChange change) => new()
    {
        Kind = change.Kind switch
        {
            TupleChangeKind.Created => WireChangeKind.Created,
            TupleChangeKind.Touched => WireChangeKind.Touched,
            TupleChangeKind.Deleted => WireChangeKind.Deleted,
            _ => throw new UnreachableException(),
        },
        Relationship = change.Tuple.ToWire(),
        Before = change.Before?.ToWire(),
    };

    private static Protocol.V1.WindowChange ToWire(Graph.WindowChange change) => new()
    {
        Kind = change.Kind == WindowChangeKind.Opened ? WireWindowKind.Opened : WireWindowKind.Closed,
        Relationship = change.Tuple.ToWire(),
    };

    private static UpdateKind ToKind(WireOperation operation) => operation switch
    {
        WireOperation.Unspecified or WireOperation.Touch => UpdateKind.Touch,
        WireOperation.Create => UpdateKind.Create,
        _ => throw Rejection.Invalid("INVALID_OPERATION", "an import's `operation` is OPERATION_CREATE or OPERATION_TOUCH"),
    };

    private static WatchKinds ToKind(WireWatchKind kind) => kind switch
    {
        WireWatchKind.Relationships => WatchKinds.Changes,
        WireWatchKind.Schemas => WatchKinds.Schemas,
        WireWatchKind.Checkpoints => WatchKinds.Checkpoints,
        WireWatchKind.Windows => WatchKinds.Windows,
        _ => throw Rejection.Invalid("INVALID_KIND", "a watch's `kinds` are KIND_RELATIONSHIPS, KIND_SCHEMAS, KIND_CHECKPOINTS and KIND_WINDOWS"),
    };
}
