using AuthzGraph.Graph.Collections;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// The keys of writes that were done, with the digest of what they named and what came of it. They are in the log, so they
/// survive restarts; they end with the retention, or sooner when there are too many of them.
/// </summary>
internal sealed class IdempotencyKeys(TimeSpan retention, int limit)
{
    private const int MaxLength = 256;

    private readonly SplitDictionary<Entry> _entries = new();
    private readonly PieceQueue<(string Name, Instant UsedAt)> _byAge = new();

    public int Count => _entries.Count;

    /// <summary>All that are remembered, in any order.</summary>
    public IEnumerable<StoredKey> All => _entries.All.Select(entry => new StoredKey(entry.Key, entry.Value.Digest, entry.Value.Result.Revision, entry.Value.Result.CommittedAt));

    /// <summary>The key as the store knows it: scope, line break, key. Null when there is none.</summary>
    public static string? NameOf(string scope, string? key)
    {
        if (key is null) return null;
        if (key.Length is 0 or > MaxLength || key[0] == '\n' || !Names.IsWhole(key)) throw Rejections.InvalidIdempotencyKey(MaxLength);
        if (scope.Length > MaxLength || scope.Contains('\n') || !Names.IsWhole(scope)) throw Rejections.InvalidIdempotencyScope();
        return $"{scope}\n{key}";
    }

    /// <summary>The key of one chunk of an import: an empty line tells it from every other.</summary>
    public static string NameOfChunk(string scope, string id, long start) => $"{scope}\n\n{id}\n{start}";

    /// <summary>What came of the request that was done under a name; null when none was.</summary>
    /// <exception cref="RejectionException">It was another request.</exception>
    public Published? Find(string name, ulong digest, Instant now)
    {
        Forget(now);
        if (!_entries.TryGetValue(name, out Entry? known)) return null;
        return known.Digest == digest ? known.Result : throw Rejections.IdempotencyKeyReused();
    }

    public void Add(string name, ulong digest, Published result)
    {
        Forget(result.CommittedAt);
        _entries[name] = new Entry(digest, result, result.CommittedAt);
        _byAge.Add((name, result.CommittedAt));
    }

    private void Forget(Instant now)
    {
        Instant horizon = now.Plus(-(long)retention.TotalMicroseconds);
        while (_byAge.Count > 0 && (_byAge.Oldest.UsedAt < horizon || _byAge.Count > limit))
        {
            (string Name, Instant UsedAt) oldest = _byAge.Oldest;
            _byAge.Drop();
            if (_entries.TryGetValue(oldest.Name, out Entry? entry) && entry.UsedAt == oldest.UsedAt) _entries.Remove(oldest.Name);
        }
    }

    private sealed record Entry(ulong Digest, Published Result, Instant UsedAt);
}
