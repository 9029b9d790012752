using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler;

/// <summary>A message to a schema's author.</summary>
/// <param name="Code"><c>AZ0203</c>: stable, keeps its meaning for ever.</param>
/// <param name="Span">The text it is about, in <see cref="File"/>.</param>
/// <param name="Message">One lower-case sentence, the author's text in backticks.</param>
/// <param name="Help">What to do about it, the nearest name included; null when the message says it all.</param>
public sealed record Diagnostic(string Code, Severity Severity, TextSpan Span, string Message, string? Help = null)
{
    /// <summary>What SpiceDB calls the same warning, as in <c>// spicedb-ignore-warning: name</c>; null when it has none.</summary>
    public string? SpiceDbName { get; init; }

    /// <summary>Which file of the schema <see cref="Span"/> is in, as <see cref="SchemaFile.Path"/>; null when a text was compiled alone.</summary>
    public string? File { get; init; }

    /// <summary>1-based, both counted in UTF-16 code units.</summary>
    public required LinePosition Position { get; init; }

    public override string ToString() =>
        $"{(File is null ? "" : $"{File}:")}{Position}: {(Severity == Severity.Error ? "error" : "warning")} {Code}: {Message}{(Help is null ? "" : $" ({Help})")}";
}

public enum Severity { Warning, Error }

/// <summary>Offsets in UTF-16 code units of the source text.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;
}

public readonly record struct LinePosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
