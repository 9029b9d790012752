using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Rpc;

/// <summary>How calls are received.</summary>
internal sealed record RpcOptions
{
    /// <summary>The most bytes a request may have, after decompression too.</summary>
    public required int MessageBytes { get; init; }

    /// <summary>The status of an exception a handler threw; null for those that are a bug or a fault of ours.</summary>
    public required Func<Exception, RpcStatus?> Translate { get; init; }

    /// <summary>Fires when the server starts to shut down; calls that would never end by themselves heed it.</summary>
    public CancellationToken Draining { get; init; }

    /// <summary>The clock by which credentials expire.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A unary call that takes longer is logged.</summary>
    public TimeSpan SlowCall { get; init; } = TimeSpan.MaxValue;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
