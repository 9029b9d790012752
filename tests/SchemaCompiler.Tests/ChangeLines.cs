using AuthzGraph.SchemaCompiler.Changes;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Two schemas in, one line for each change out: <c>-</c> does not widen authority, <c>?</c> may, <c>!</c> does.</summary>
internal static class ChangeLines
{
    /// <summary>What changes when every <paramref name="old"/> in a schema becomes <paramref name="now"/>.</summary>
    public static string Change(string schema, string old, string now)
    {
        string changed = schema.Replace(old, now);
        Assert.NotEqual(schema, changed);
        return Between(schema, changed);
    }

    public static string Between(string before, string after) =>
        string.Join('\n', SchemaDiff.Between(Compiled(before), Compiled(after)).Select(Line));

    private static string Line(SchemaChange change) =>
        $"{change.Widening switch { Widening.No => '-', Widening.May => '?', _ => '!' }} {change.Sentence}{(change.Why is null ? "" : $" ({change.Why})")}";

    private static CompiledSchema Compiled(string text)
    {
        Compilation compilation = Compilation.Of(text);
        Assert.True(compilation.Schema is not null, string.Join('\n', compilation.Diagnostics));
        return compilation.Schema;
    }
}
