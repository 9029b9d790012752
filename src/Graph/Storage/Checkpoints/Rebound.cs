using System.Text;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>
/// Numbers that a stretch of the log gives out again, or whose text it gives another number. The writer does so once nothing alive
/// mentions them; what still does in the log's own words (tuples long expired, which are collected without a word) is gone from
/// that revision on.
/// </summary>
internal sealed class Rebound
{
    private readonly Dictionary<TextKey, NumberedText> _byText = new(new TextComparer());
    private readonly Dictionary<TextKey, NumberedText>.AlternateLookup<TextSpan> _bySpan;
    private readonly Dictionary<(CheckpointPart, uint, uint), ulong> _freed = [];
    private readonly Dictionary<string, uint> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, (uint Resource, uint Subject)> _edgeTypes = [];

    /// <param name="texts">All that the stretch binds, in the order it does.</param>
    public Rebound(IReadOnlyList<NumberedText> texts)
    {
        _bySpan = _byText.GetAlternateLookup<TextSpan>();
        Dictionary<(CheckpointPart, uint, uint), NumberedText> byNumber = [];
        foreach (NumberedText text in texts)
        {
            if (byNumber.TryGetValue(text.Place, out NumberedText before)) Free(before.Place, text.Revision);
            byNumber[text.Place] = text;
            TextKey key = new(text.Part, text.Type, text.Utf8);
            bool moves = _byText.TryGetValue(key, out NumberedText other) && other.Place != text.Place;
            if (moves && byNumber[other.Place] == other) Free(other.Place, text.Revision);      // else it stands for another text by now
            _byText[key] = text;
        }
    }

    /// <summary>Takes note of a binding that was there before. False if the stretch unbinds it.</summary>
    public bool Keeps(CheckpointPart part, uint type, uint number, ReadOnlySpan<byte> utf8)
    {
        if (!_bySpan.TryGetValue(new TextSpan(part, type, utf8), out NumberedText now) || now.Number == number) return true;
        Free((part, type, number), now.Revision);
        return false;
    }

    /// <summary>Takes note that a number that was bound before is bound again by the stretch.</summary>
    public void Replaces(NumberedText text) => Free(text.Place, text.Revision);

    /// <summary>Whether the number still stands for the text at the end of the stretch.</summary>
    public bool IsLast(NumberedText text) => _byText[new TextKey(text.Part, text.Type, text.Utf8)].Place == text.Place;

    /// <summary>Takes note of an object type or edge type: what edges mention follows from them. Object types come first.</summary>
    public void Learn(CheckpointPart part, uint number, ReadOnlySpan<byte> utf8)
    {
        if (part is not (CheckpointPart.ObjectType or CheckpointPart.EdgeType)) return;
        string text = Encoding.UTF8.GetString(utf8);
        if (part == CheckpointPart.ObjectType) _types[text] = number;
        if (part == CheckpointPart.ObjectType) return;
        string subject = text[(text.IndexOf('@', StringComparison.Ordinal) + 1)..];
        bool isWildcard = subject.EndsWith(":*", StringComparison.Ordinal);
        _edgeTypes[number] = (TypeBefore(text, '#'), isWildcard ? 0 : TypeBefore(subject, '#'));
    }

    /// <summary>Whether the edge was collected before a number that it mentions was given out again.</summary>
    public bool IsGone(in StoredEdge edge)
    {
        if (_freed.Count == 0) return false;
        (uint resource, uint subject) = _edgeTypes.GetValueOrDefault(edge.EdgeType);
        return IsFreedAfter(CheckpointPart.ObjectName, resource, edge.Resource, edge.Created)
            || (subject != 0 && IsFreedAfter(CheckpointPart.ObjectName, subject, edge.Subject, edge.Created))
            || (edge.Caveat != 0 && IsFreedAfter(CheckpointPart.CaveatContext, 0, edge.Caveat, edge.Created));
    }

    private bool IsFreedAfter(CheckpointPart part, uint type, uint number, ulong created) =>
        _freed.TryGetValue((part, type, number), out ulong freed) && freed > created;

    private uint TypeBefore(string text, char end)
    {
        int length = text.IndexOf(end, StringComparison.Ordinal);
        return _types.GetValueOrDefault(length < 0 ? text : text[..length]);
    }

    private void Free((CheckpointPart, uint, uint) place, ulong revision) =>
        _freed[place] = Math.Max(revision, _freed.GetValueOrDefault(place));

    private readonly record struct TextKey(CheckpointPart Part, uint Type, ReadOnlyMemory<byte> Utf8);

    private readonly ref struct TextSpan(CheckpointPart part, uint type, ReadOnlySpan<byte> utf8)
    {
        public CheckpointPart Part { get; } = part;
        public uint Type { get; } = type;
        public ReadOnlySpan<byte> Utf8 { get; } = utf8;
    }

    private sealed class TextComparer : IEqualityComparer<TextKey>, IAlternateEqualityComparer<TextSpan, TextKey>
    {
        public bool Equals(TextKey x, TextKey y) => x.Part == y.Part && x.Type == y.Type && x.Utf8.Span.SequenceEqual(y.Utf8.Span);

        public int GetHashCode(TextKey key) => GetHashCode(new TextSpan(key.Part, key.Type, key.Utf8.Span));

        public bool Equals(TextSpan alternate, TextKey other) =>
            alternate.Part == other.Part && alternate.Type == other.Type && alternate.Utf8.SequenceEqual(other.Utf8.Span);

        public int GetHashCode(TextSpan alternate)
        {
            HashCode hash = default;
            hash.Add(alternate.Part);
            hash.Add(alternate.Type);
            hash.AddBytes(alternate.Utf8);
            return hash.ToHashCode();
        }

        public TextKey Create(TextSpan alternate) => new(alternate.Part, alternate.Type, alternate.Utf8.ToArray());
    }
}
