using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>
/// Collects what is wrong with a text, or with the files of one schema, up to <see cref="CompilerLimits.Listed"/> errors and as
/// many warnings. What is added counts its span from the start of the first text; what is listed, from that of its own.
/// </summary>
internal sealed class DiagnosticBag(SourceText first)
{
    private readonly List<SourceText> _sources = [first];
    private readonly List<(int Order, Diagnostic Diagnostic)> _listed = [];
    private readonly HashSet<(string, TextSpan, string)> _said = [];     // the members of a partial are bound in each definition
    private int _errors;
    private int _warnings;

    public bool HasErrors => _errors > 0;

    /// <summary>There are more than will be listed: looking for others of a kind that can be very many is of no use.</summary>
    public bool HasErrorsToSpare => _errors > CompilerLimits.Listed;

    /// <summary>Adds a file, behind all others; returns its text, whose spans begin there.</summary>
    public SourceText Open(SchemaFile file)
    {
        SourceText source = new(file.Text, file.Path, _sources[^1].End);
        _sources.Add(source);
        return source;
    }

    public void Add(Diagnostic diagnostic)
    {
        if (_said.Contains((diagnostic.Code, diagnostic.Span, diagnostic.Message))) return;
        int nth = diagnostic.Severity == Severity.Error ? ++_errors : ++_warnings;
        if (nth > CompilerLimits.Listed) return;
        _listed.Add((diagnostic.Span.Start, Placed(diagnostic)));
        _said.Add((diagnostic.Code, diagnostic.Span, diagnostic.Message));
    }

    /// <summary>The nearest of some names; null also when nobody will read it any more.</summary>
    public string? Nearest(string name, IEnumerable<string> candidates) =>
        _errors < CompilerLimits.Listed ? NearestName.Of(name, candidates) : null;

    /// <summary>The file of <paramref name="other"/> when it is not that of <paramref name="span"/>; null: it is.</summary>
    public string? Elsewhere(TextSpan other, TextSpan span) =>
        SourceOf(other) is var source && source == SourceOf(span) ? null : source.Name;

    /// <summary>File by file in the order they were read, each in the order of its text; of several at one place, the one found first.</summary>
    public ImmutableArray<Diagnostic> InOrder()
    {
        if (_errors > CompilerLimits.Listed) _listed.Add((int.MaxValue, Placed(Catalogue.TooManyErrors(End, _errors))));
        return [.. _listed.OrderBy(found => found.Order).Select(found => found.Diagnostic)];
    }

    private TextSpan End => new(_sources[0].End - 1, 0);

    private Diagnostic Placed(Diagnostic diagnostic)
    {
        SourceText source = SourceOf(diagnostic.Span);
        return diagnostic with
        {
            File = source.Name,
            Span = diagnostic.Span with { Start = diagnostic.Span.Start - source.Start },
            Position = source.PositionOf(diagnostic.Span.Start),
        };
    }

    private SourceText SourceOf(TextSpan span)
    {
        int last = _sources.Count - 1;
        while (last > 0 && _sources[last].Start > span.Start) last--;
        return _sources[last];
    }
}
