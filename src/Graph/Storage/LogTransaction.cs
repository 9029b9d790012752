using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>What one transaction changed, as the log keeps it.</summary>
/// <param name="CommittedAt">Strictly later than the transaction before.</param>
internal sealed record LogTransaction(Revision Revision, Instant CommittedAt, IReadOnlyList<LogEntry> Entries);

internal enum LogEntryKind : byte
{
    /// <summary>Number <c>Id</c> stands for the edge type <c>Text</c> (<c>document#viewer@group#member</c>) from here on.</summary>
    EdgeType = 1,

    /// <summary>Number <c>Id</c> stands for the object type named <c>Text</c>.</summary>
    ObjectType = 2,

    /// <summary>In object type <c>Id</c>, number <c>Resource</c> stands for the object id <c>Text</c>.</summary>
    ObjectName = 3,

    /// <summary>The whole schema is <c>Text</c> from here on.</summary>
    Schema = 4,

    /// <summary>Edge type <c>Id</c> holds <c>Resource</c> → <c>Subject</c> during <c>Window</c>; where <c>Replaces</c>, it held it during <c>Replaced</c>.</summary>
    Put = 5,

    /// <summary>Edge type <c>Id</c> no longer holds <c>Resource</c> → <c>Subject</c>, which it held during <c>Replaced</c>.</summary>
    Remove = 6,

    /// <summary>The caller's idempotency key is <c>Text</c>; <c>Digest</c> is the hash of the request it named.</summary>
    IdempotencyKey = 7,

    /// <summary>Number <c>Id</c> stands for the caveat and context <c>Text</c> (<c>name</c> or <c>name:{json}</c>) from here on.</summary>
    CaveatContext = 8,

    /// <summary>What the caller said about the transaction is the JSON object <c>Text</c>. At most once.</summary>
    Metadata = 9,
}

/// <summary>One line of a transaction. Which members mean something depends on <see cref="Kind"/>; the factories say which.</summary>
internal readonly record struct LogEntry
{
    public LogEntryKind Kind { get; private init; }
    public uint Id { get; private init; }
    public uint Resource { get; private init; }
    public uint Subject { get; private init; }
    public Window Window { get; private init; }

    /// <summary>The number of a caveat context; 0: none.</summary>
    public uint Caveat { get; private init; }

    public bool Replaces { get; private init; }
    public Window Replaced { get; private init; }
    public uint ReplacedCaveat { get; private init; }
    public string Text { get => field ?? ""; private init; }
    public ulong Digest { get; private init; }

    public static LogEntry EdgeType(uint id, string text) => new() { Kind = LogEntryKind.EdgeType, Id = id, Text = text };
    public static LogEntry ObjectType(uint id, string text) => new() { Kind = LogEntryKind.ObjectType, Id = id, Text = text };
    public static LogEntry ObjectName(uint type, uint number, string text) =>
        new() { Kind = LogEntryKind.ObjectName, Id = type, Resource = number, Text = text };
    public static LogEntry CaveatContext(uint id, string text) => new() { Kind = LogEntryKind.CaveatContext, Id = id, Text = text };
    public static LogEntry Schema(string text) => new() { Kind = LogEntryKind.Schema, Text = text };
    public static LogEntry Metadata(string json) => new() { Kind = LogEntryKind.Metadata, Text = json };
    public static LogEntry IdempotencyKey(string key, ulong digest) => new() { Kind = LogEntryKind.IdempotencyKey, Text = key, Digest = digest };

    public static LogEntry Put(uint edgeType, uint resource, uint subject, Window window, uint caveat = 0) =>
        new() { Kind = LogEntryKind.Put, Id = edgeType, Resource = resource, Subject = subject, Window = window, Caveat = caveat };

    public static LogEntry Replace(uint edgeType, uint resource, uint subject, Window window, uint caveat, Window replaced, uint replacedCaveat) =>
        Put(edgeType, resource, subject, window, caveat) with { Replaces = true, Replaced = replaced, ReplacedCaveat = replacedCaveat };

    public static LogEntry Remove(uint edgeType, uint resource, uint subject, Window replaced, uint replacedCaveat = 0) =>
        new() { Kind = LogEntryKind.Remove, Id = edgeType, Resource = resource, Subject = subject, Replaces = true, Replaced = replaced, ReplacedCaveat = replacedCaveat };
}
