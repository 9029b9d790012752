using AuthzGraph.SchemaCompiler.Editing;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>What editors do, on every schema at hand.</summary>
public sealed class EditingFuzzTests(ITestOutputHelper output)
{
    private static IEnumerable<string> Schemas => Corpus.Schemas().Select(s => s.Text).Append(Samples.Delegation).Where(text => text.Length < 6_000).Distinct();

    [Fact]
    public void Renaming_to_a_new_name_and_back_changes_nothing_and_it_compiles_throughout()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int renamed = 0;
        foreach (string text in Schemas.Where(text => Compilation.Of(text).Schema is not null))
            for (int i = 0; i < 5; i++)
            {
                int offset = random.Next(text.Length);
                if (Rename(text, offset, "quite_new") is not { } other) continue;
                Assert.True(Compilation.Of(other).Schema is not null, $"seed {seed}, offset {offset}: {string.Join('\n', Compilation.Of(other).Diagnostics)}\n{text}");
                TextSpan span = new EditedSchema(text).First.RenameableAt(offset).Name ?? default;
                int moved = other.IndexOf("quite_new", StringComparison.Ordinal);
                Assert.Equal(text, Rename(other, moved, text.Substring(span.Start, span.Length).Replace(" ", "")));
                renamed++;
            }
        output.WriteLine($"{renamed} renamed");
        Assert.True(renamed >= 3);
    }

    [Fact]
    public void Each_name_of_a_schema_that_compiles_is_declared_somewhere()
    {
        int found = 0;
        foreach (string text in Schemas.Where(text => Compilation.Of(text).Diagnostics.IsEmpty))
        {
            EditedFile schema = new EditedSchema(text).First;
            foreach (OutlineItem item in schema.Outline.SelectMany(item => item.Children.Prepend(item)))
            {
                Assert.Contains(new FileSpan("", item.NameSpan), schema.DeclarationsAt(item.NameSpan.Start));
                Assert.Contains(new FileSpan("", item.NameSpan), schema.ReferencesAt(item.NameSpan.End));
                found++;
            }
        }
        Assert.True(found >= 20);
    }

    private static string? Rename(string text, int offset, string name)
    {
        if (new EditedSchema(text).First.RenameAt(offset, name) is not SchemaRename.Done done) return null;
        return done.Places.Select(place => place.Span).Reverse().Aggregate(text, (changed, place) => changed.Remove(place.Start, place.Length).Insert(place.Start, name));
    }
}
