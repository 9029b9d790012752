using System.Text;
using AuthzGraph.SchemaCompiler;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Schema;

/// <summary>
/// A schema's text to its compiled form, and to its canonical form, one thread. Fails if the schema does not come out whole: as
/// many definitions as its text declares, and canonical text that is formatted already. The baseline is counting its lines.
/// </summary>
[Config(typeof(PerfConfig))]
[ThroughputColumn]
[MemoryDiagnoser]
public class CompileBenchmark
{
    private const int Longest = 4 * 1024 * 1024;

    private string _canonical = "";
    private int _definitions;
    private int _lines;

    [ParamsSource(nameof(Schemas))]
    public SchemaSource Schema { get; set; } = new("nothing", "");

    /// <summary>The longest schema in the corpora, unless they are missing, and a generated one of the greatest length.</summary>
    public static IEnumerable<SchemaSource> Schemas =>
    [
        .. CorpusSchemas.Longest() is { } text ? [new SchemaSource("corpus", text)] : Array.Empty<SchemaSource>(),
        new SchemaSource("generated", SampleSchema.Of(Longest)),
    ];

    /// <summary>The same with two departments, for the tests.</summary>
    public static CompileBenchmark Tiny() => new() { Schema = new SchemaSource("tiny", SampleSchema.Of(12_000)) };

    [GlobalSetup]
    public void Setup()
    {
        _definitions = Schema.Text.Split('\n').Count(line => line.TrimStart().StartsWith("definition ", StringComparison.Ordinal));
        _lines = Schema.Text.Count(c => c == '\n');
        _canonical = SchemaFormatter.Format(Schema.Text).Text ?? "";
        Expect(SchemaFormatter.Format(_canonical).Text == _canonical, "the canonical text has another canonical text");
    }

    [Benchmark(Baseline = true)]
    public int Lines()
    {
        int lines = Schema.Text.AsSpan().Count('\n');
        Expect(lines == _lines, $"{lines} lines, not {_lines}");
        return lines;
    }

    [Benchmark]
    public CompiledSchema? Compile()
    {
        Compilation compilation = Compilation.Of(Schema.Text);
        Expect(compilation.Schema?.Types.Length == _definitions, $"not {_definitions} definitions: {compilation.Diagnostics.FirstOrDefault()}");
        return compilation.Schema;
    }

    [Benchmark]
    public string? Format()
    {
        string? text = SchemaFormatter.Format(Schema.Text).Text;
        Expect(text == _canonical, "another text than before");
        return text;
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}

/// <summary>A schema by a name short enough for a table.</summary>
public sealed record SchemaSource(string Name, string Text)
{
    public int Bytes => Encoding.UTF8.GetByteCount(Text);

    public override string ToString() => $"{Name}, {Bytes / 1024.0:N0} KiB";
}
