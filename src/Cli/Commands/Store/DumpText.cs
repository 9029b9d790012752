using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AuthzGraph.Model;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>
/// A store as text: a comment, <c>--- schema</c>, the schema as it was written, <c>--- relationships</c>, one on each line, and
/// <c>--- end: N</c> with their number, so that a dump that was cut off is told from a whole one. Where a line of the schema starts like one of
/// these, all of them have more dashes.
/// </summary>
internal static class DumpText
{
    private const string Schema = " schema";
    private const string Relationships = " relationships";
    private const string End = " end:";
    private const int FewestDashes = 3;

    public static async Task<long> WriteAsync(TextWriter output, string comment, string schema, IAsyncEnumerable<RelationTuple> tuples, Action<long> told)
    {
        string dashes = Dashes(schema);
        await output.WriteAsync($"// {comment}\n{dashes}{Schema}\n{schema}\n{dashes}{Relationships}\n");
        long count = 0;
        await foreach (RelationTuple tuple in tuples)
        {
            await output.WriteAsync(tuple.ToString());
            await output.WriteAsync('\n');
            told(++count);
        }
        await output.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{dashes}{End} {count}\n"));
        await output.FlushAsync();
        return count;
    }

    /// <summary>Reads the first part; what is left of the reader are the relationships.</summary>
    /// <exception cref="CommandException">It is no dump.</exception>
    public static DumpHead ReadHead(TextReader input, string name)
    {
        int line = 0;
        string? first = NextLine();
        while (first is not null && (first.Length == 0 || first.StartsWith("//", StringComparison.Ordinal))) first = NextLine();
        string dashes = first is not null && first.EndsWith(Schema, StringComparison.Ordinal) ? first[..^Schema.Length] : "";
        if (dashes.Length < FewestDashes || dashes.Trim('-').Length > 0) throw NoDump($"{name}:{Math.Max(line, 1)}: a dump starts with `---{Schema}`");
        StringBuilder schema = new();
        for (string? text = NextLine(); text != dashes + Relationships; text = NextLine())
        {
            if (text is null) throw NoDump($"{name}:{line}: the dump ends within the schema");
            schema.Append(text).Append('\n');
        }
        return new DumpHead(schema.ToString(0, Math.Max(0, schema.Length - 1)), dashes + End, line);

        string? NextLine()
        {
            string? text = ReadLine(input);
            if (text is not null) line++;
            return text;
        }
    }

    /// <summary>The relationships, and at the end that there were all of them.</summary>
    /// <exception cref="RejectionException">A line is no relationship, or the dump was cut off.</exception>
    public static async IAsyncEnumerable<RelationTuple> ReadTuplesAsync(
        TextReader input, DumpHead head, string name, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        TupleLines lines = new(input, name) { LinesBefore = head.Lines, End = head.End };
        long count = 0;
        await foreach (RelationTuple tuple in lines.ReadAsync(cancellation))
        {
            count++;
            yield return tuple;
        }
        if (lines.EndLine is null) throw Rejection.Invalid("DUMP_CUT_OFF", $"{name}:{lines.Line}: the dump was cut off after {count} relationships: its last line is missing");
        if (lines.EndLine[head.End.Length..].Trim() != count.ToString(CultureInfo.InvariantCulture))
            throw Rejection.Invalid("DUMP_CUT_OFF", $"{name}:{lines.Line}: the dump has {count} relationships and says{lines.EndLine[head.End.Length..]}");
    }

    private static string Dashes(string schema)
    {
        int count = FewestDashes;
        foreach (string line in schema.Split('\n'))
            if (line.Length - line.TrimStart('-').Length is var dashes && dashes >= count) count = dashes + 1;
        return new string('-', count);
    }

    /// <summary>Up to the next line feed and no other sign, so that a schema comes back as it was written.</summary>
    private static string? ReadLine(TextReader input)
    {
        int next = input.Read();
        if (next < 0) return null;
        StringBuilder line = new();
        for (; next is >= 0 and not '\n'; next = input.Read()) line.Append((char)next);
        return line.ToString();
    }

    private static CommandException NoDump(string problem) => new(problem, "NO_DUMP");
}

/// <summary>What stands before the relationships of a dump.</summary>
/// <param name="End">How the line starts that ends them.</param>
/// <param name="Lines">How many lines were read.</param>
internal sealed record DumpHead(string Schema, string End, int Lines);
