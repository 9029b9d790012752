using System.Runtime.CompilerServices;

namespace AuthzGraph.Model;

/// <summary>Reads tuples as text of any length: one on each line, with blank lines and <c>//</c> comments between them.</summary>
/// <param name="name">What the text is called where a line is none.</param>
public sealed class TupleLines(TextReader reader, string name)
{
    /// <summary>How many characters a line may have.</summary>
    public const int LongestLine = 1 << 20;

    private const int FirstBuffer = 1 << 16;

    private readonly NamePool _names = new();
    private char[] _buffer = new char[FirstBuffer];
    private int _start, _end;
    private bool _isOver;

    /// <summary>How a line starts that ends the tuples before the text does; null: none does.</summary>
    public string? End { get; init; }

    /// <summary>The line that <see cref="End"/> started; null while none did.</summary>
    public string? EndLine { get; private set; }

    /// <summary>How many lines came before the text.</summary>
    public int LinesBefore { init => Line = value; }

    /// <summary>The number of the line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The tuples in order.</summary>
    /// <exception cref="RejectionException">A line is no tuple; the message says which and why.</exception>
    public async IAsyncEnumerable<RelationTuple> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        do
        {
            while (EndLine is null && TryReadLine(out RelationTuple? tuple))
                if (tuple is { } read) yield return read;
        }
        while (EndLine is null && await FillAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Takes one whole line from the buffer; <paramref name="tuple"/> is null when there is none on it.</summary>
    private bool TryReadLine(out RelationTuple? tuple)
    {
        tuple = null;
        ReadOnlySpan<char> rest = _buffer.AsSpan(_start, _end - _start);
        int length = rest.IndexOf('\n');
        if (length < 0 && !(_isOver && !rest.IsEmpty)) return false;
        ReadOnlySpan<char> line = (length < 0 ? rest : rest[..length]).Trim();
        _start += length < 0 ? rest.Length : length + 1;
        Line++;
        if (End is not null && line.StartsWith(End, StringComparison.Ordinal)) EndLine = line.ToString();
        else if (!line.IsEmpty && !line.StartsWith("//")) tuple = Parse(line);
        return true;
    }

    private RelationTuple Parse(ReadOnlySpan<char> line) =>
        TupleText.TryParse(line, _names, out RelationTuple tuple, out string? problem)
            ? tuple
            : throw Rejection.Invalid("INVALID_TUPLE", $"{name}:{Line}: `{line}` is not a relationship: {problem}");

    /// <summary>Reads on; false once nothing is left.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_isOver) return false;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine) throw Rejection.Invalid("LINE_TOO_LONG", $"{name}:{Line + 1}: the line has more than {LongestLine} characters");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        int read = await reader.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        _isOver = read == 0;
        return true;
    }
}
