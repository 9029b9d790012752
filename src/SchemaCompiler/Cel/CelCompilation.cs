using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>Either a program or at least one error.</summary>
public sealed record CelCompilation(CelProgram? Program, ImmutableArray<CelError> Errors);

/// <summary>What is wrong with an expression.</summary>
/// <param name="Span">Offsets in the expression.</param>
/// <param name="Message">One lower-case sentence, the author's text in backticks.</param>
/// <param name="Help">What to do about it; null when the message says it all.</param>
public sealed record CelError(TextSpan Span, string Message, string? Help = null)
{
    public override string ToString() => $"{Span.Start}: {Message}{(Help is null ? "" : $" ({Help})")}";
}
