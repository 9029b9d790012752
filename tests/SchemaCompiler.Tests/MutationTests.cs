using System.Diagnostics;
using System.Text;
using AuthzGraph.SchemaCompiler.Editing;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Whatever the text, an answer comes, and soon; and what can be formatted keeps its meaning.</summary>
public class MutationTests(ITestOutputHelper output)
{
    /// <summary>As many as every run can afford; <c>AUTHZGRAPH_LONG=1</c> asks for a million.</summary>
    private static readonly int Inputs = Environment.GetEnvironmentVariable("AUTHZGRAPH_LONG") == "1" ? 1_000_000 : 20_000;

    private static readonly string[] Pieces =
    [
        "definition ", "relation ", "permission ", "use ", "use delegation\n", "use expiration\n", "use self\n", "caveat ", "partial ", "import ", "nil", "self",
        "with expiration", "with ", " and ", "principal agent\n", "task\n", "delegation\n", "within ", "delegable ", "delegable *\n", "autonomous ",
        "domain data\n", "max hops 2", "max ttl 10m", "approval ", "user", "user:*", "user#...", "parent->view", ".all(view)", "->", "...",
        "{", "}", "(", ")", "<", ">", ":", ";", ",", "|", "/", "#", "*", "=", "+", "&", "-", ".", "\"", "'", "\"\"\"", "\\", "//", "/*", "*/", "\n", "\r", "\r\n", "\t",
        "\0", "\uFEFF", "\uD800", "\uDC00", "😀", "é", "9", "99999999999999999999d", "_",
    ];

    [Fact]
    public void No_text_makes_the_compiler_throw_or_hang()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        string[] schemas = [Samples.Delegation, .. Corpus.Schemas().Select(s => s.Text).Where(t => t.Length < 4_000)];
        Random random = new(seed);
        int compiled = 0;
        for (int i = 0; i < Inputs; i++)
        {
            string text = random.Next(10) == 0 ? Invent(random) : Mutate(schemas[random.Next(4) == 0 ? 0 : random.Next(schemas.Length)], schemas, random);
            if (Try(text, $"seed {seed}, input {i}")) compiled++;
            Ask(text, random.Next(text.Length + 1), $"seed {seed}, input {i}");
        }
        output.WriteLine($"{compiled} of {Inputs} inputs compile");
        Assert.InRange(compiled, 100, Inputs - 100);
    }

    private static bool Try(string text, string name)
    {
        try
        {
            Stopwatch time = Stopwatch.StartNew();
            Compilation compilation = Compilation.Of(text);
            FormattedSchema formatted = SchemaFormatter.Format(text);
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(10));
            Assert.Equal(compilation.Schema is null, compilation.Diagnostics.Any(d => d.Severity == Severity.Error));
            Assert.All(compilation.Diagnostics, d => Assert.InRange(d.Span.End, d.Span.Start, text.Length));
            if (compilation.Schema is { } schema) Formatted.KeepsMeaning(text, schema, name);
            else if (formatted.Text is { } canonical) Assert.Equal(canonical, Formatted.Of(canonical));
            return compilation.Schema is not null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{name}: {e.Message}\n{text}", e);
        }
    }

    /// <summary>All that an editor asks, at one place.</summary>
    private static void Ask(string text, int offset, string name)
    {
        try
        {
            EditedFile file = new EditedSchema(text).First;
            Assert.All(file.CompletionsAt(offset), c => Assert.Equal(offset, c.Replaces.End));
            Assert.All(file.DeclarationsAt(offset).Concat(file.ReferencesAt(offset)), place => Assert.InRange(place.Span.End, place.Span.Start, text.Length));
            Assert.All(file.Outline, item => Assert.InRange(item.NameSpan.Start, item.Span.Start, item.Span.End));
            if (file.HoverAt(offset) is { } hover) Assert.InRange(offset, hover.Span.Start, hover.Span.End);
            if (file.RenameAt(offset, "quite_new") is SchemaRename.Done done) Assert.NotEmpty(done.Places);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{name}, offset {offset}: {e.Message}\n{text}", e);
        }
    }

    /// <summary>Pieces of the language in any order, and now and then any character at all.</summary>
    private static string Invent(Random random)
    {
        StringBuilder text = new();
        for (int pieces = random.Next(80); pieces > 0; pieces--)
            if (random.Next(20) == 0) text.Append((char)random.Next(char.MaxValue + 1));
            else text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    private static string Mutate(string schema, string[] others, Random random)
    {
        StringBuilder text = new(schema);
        for (int edits = 1 + random.Next(4); edits > 0; edits--)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(random.Next(random.Next(30) == 0 ? 400 : 12), text.Length - at);
            switch (random.Next(6))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, text.ToString(at, length)); break;
                case 2: text.Insert(at, Piece(others[random.Next(others.Length)], random)); break;
                case 3: text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                default: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
            }
        }
        return text.ToString();
    }

    private static string Piece(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        return text.Substring(at, Math.Min(random.Next(60), text.Length - at));
    }
}
