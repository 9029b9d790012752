using FASTER.core;

namespace AuthzGraph.Graph.Storage;

/// <summary>The bytes of a log by address, for recovery, which reads them before FASTER does.</summary>
internal interface ILogPages
{
    /// <summary>No byte was ever written at or beyond this address.</summary>
    long End { get; }

    /// <summary>Fills <paramref name="destination"/>; what was never written is zero. Stays within one page.</summary>
    void Read(long address, Span<byte> destination);
}

/// <summary>The disk under a log: what FASTER asks of one, and what recovery asks of it besides.</summary>
internal interface ILogDevice : IDevice, ILogPages
{
    /// <summary>Called once, before any failed write is reported, with the reason of the first failure.</summary>
    Action<Exception>? OnFailure { get; set; }

    /// <summary>
    /// Makes durable what FASTER has handed over, tells it so, and goes on until there is nothing left, what it hands over meanwhile included.
    /// One caller at a time.
    /// </summary>
    void WriteQueued();

    /// <summary>
    /// Puts [<paramref name="from"/>, <paramref name="to"/>) onto stable storage by writing it again: it may have been
    /// read from a cache whose last sync had failed or was never asked for.
    /// </summary>
    void Harden(long from, long to);

    /// <summary>Removes whatever lies wholly before an address, in pieces of the device's own size.</summary>
    void RemoveBefore(long address);
}
