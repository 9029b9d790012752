using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>Collects what is wrong with one text, up to <see cref="CompilerLimits.Listed"/> errors and as many warnings.</summary>
internal sealed class DiagnosticBag(SourceText source)
{
    private readonly List<Diagnostic> _listed = [];
    private readonly HashSet<(string, TextSpan, string)> _said = [];     // the members of a partial are bound in each definition
    private int _errors;
    private int _warnings;

    public bool HasErrors => _errors > 0;

    /// <summary>There are more than will be listed: looking for others of a kind that can be very many is of no use.</summary>
    public bool HasErrorsToSpare => _errors > CompilerLimits.Listed;

    public void Add(Diagnostic diagnostic)
    {
        if (_said.Contains((diagnostic.Code, diagnostic.Span, diagnostic.Message))) return;
        int nth = diagnostic.Severity == Severity.Error ? ++_errors : ++_warnings;
        if (nth > CompilerLimits.Listed) return;
        _listed.Add(diagnostic with { Position = source.PositionOf(diagnostic.Span.Start) });
        _said.Add((diagnostic.Code, diagnostic.Span, diagnostic.Message));
    }

    /// <summary>The nearest of some names; null also when nobody will read it any more.</summary>
    public string? Nearest(string name, IEnumerable<string> candidates) =>
        _errors < CompilerLimits.Listed ? NearestName.Of(name, candidates) : null;

    /// <summary>In the order of the text; of several at one place, the one found first.</summary>
    public ImmutableArray<Diagnostic> InOrder()
    {
        if (_errors > CompilerLimits.Listed)
            _listed.Add(Catalogue.TooManyErrors(End, _errors) with { Position = source.PositionOf(End.Start) });
        return [.. _listed.OrderBy(d => d.Span.Start)];
    }

    private TextSpan End => new(source.Text.Length, 0);
}
