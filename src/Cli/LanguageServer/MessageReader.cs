using System.Globalization;
using System.Text;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>
/// Cuts a stream into messages: lines of headers, an empty line, and as many bytes of JSON as <c>Content-Length</c> says. Of headers
/// that say nothing of the sort nothing is read but themselves, so the next good ones are understood again.
/// </summary>
internal sealed class MessageReader(Stream stream)
{
    private const string ContentLength = "Content-Length";
    private const int MaxMessageBytes = 64 << 20, MaxHeaderBytes = 8 << 10;

    private readonly byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;

    /// <summary>The next message; null at the end of the stream, even in the middle of a message.</summary>
    public async ValueTask<Incoming?> ReadAsync(CancellationToken cancellation)
    {
        int length = -1;
        for (int lines = 0; ; lines++)
        {
            if (await LineAsync(cancellation) is not { } line) return null;
            if (line.Length == 0 && lines == 0) continue;
            if (line.Length == 0) break;
            length = LengthIn(line) ?? length;
        }
        if (length < 0) return new Incoming.Malformed(RpcError.ParseError, "the headers have no valid Content-Length");
        if (length <= MaxMessageBytes) return await BodyAsync(length, cancellation) is { } body ? Incoming.Of(body) : null;
        await SkipAsync(length, cancellation);
        return new Incoming.Malformed(RpcError.InvalidRequest, $"a message of {length} bytes is longer than {MaxMessageBytes}");
    }

    private static int? LengthIn(string header)
    {
        string[] parts = header.Split(':', 2, StringSplitOptions.TrimEntries);
        bool isLength = parts.Length == 2 && parts[0].Equals(ContentLength, StringComparison.OrdinalIgnoreCase);
        return isLength && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : null;
    }

    /// <summary>Up to a line feed, without it and a carriage return before it; null at the end of the stream.</summary>
    private async ValueTask<string?> LineAsync(CancellationToken cancellation)
    {
        StringBuilder line = new();
        while (_start < _end || await FillAsync(cancellation))
        {
            byte next = _buffer[_start++];
            if (next == '\n') return line.ToString().TrimEnd('\r');
            if (line.Length < MaxHeaderBytes) line.Append((char)next);
        }
        return null;
    }

    private async ValueTask<byte[]?> BodyAsync(int length, CancellationToken cancellation)
    {
        byte[] body = new byte[length];
        int read = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, read).CopyTo(body);
        _start += read;
        int rest = await stream.ReadAtLeastAsync(body.AsMemory(read), length - read, throwOnEndOfStream: false, cancellation);
        return read + rest == length ? body : null;
    }

    private async ValueTask SkipAsync(int length, CancellationToken cancellation)
    {
        while (length > 0 && (_start < _end || await FillAsync(cancellation)))
        {
            int skipped = Math.Min(length, _end - _start);
            _start += skipped;
            length -= skipped;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellation);
        return _end > 0;
    }
}
