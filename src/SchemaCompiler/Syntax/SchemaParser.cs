using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Tokens → the syntax tree of a whole text; goes on after an error at the next thing it knows.</summary>
internal sealed class SchemaParser
{
    private readonly TokenReader _reader;
    private readonly DefinitionParser _definitions;
    private readonly ImmutableArray<UseSyntax>.Builder _useLines = ImmutableArray.CreateBuilder<UseSyntax>();
    private readonly ImmutableArray<DefinitionSyntax>.Builder _parsed = ImmutableArray.CreateBuilder<DefinitionSyntax>();
    private bool _isIncomplete;

    private SchemaParser(TokenReader reader)
    {
        _reader = reader;
        _definitions = new DefinitionParser(reader);
    }

    /// <summary>Null when the text is longer than anyone should have to read; then nothing else is looked at.</summary>
    public static SchemaSyntax? Parse(SourceText source, DiagnosticBag diagnostics)
    {
        if (IsTooLong(source, diagnostics)) return null;
        TokenReader reader = new(Lexer.Tokenize(source, diagnostics), new Flags(), diagnostics);
        return new SchemaParser(reader).Parse();
    }

    private static bool IsTooLong(SourceText source, DiagnosticBag diagnostics)
    {
        int limit = Limits.Default.SchemaBytes;
        if (source.Utf8Bytes <= limit) return false;
        diagnostics.Add(Catalogue.TextTooLong(new TextSpan(0, 0), source.Utf8Bytes, limit));
        return true;
    }

    private SchemaSyntax Parse()
    {
        _reader.SkipTerminators();
        while (!_reader.At(TokenKind.End))
        {
            TopLevel();
            _reader.SkipTerminators();
        }
        return new SchemaSyntax(
            _reader.Tokens, _useLines.ToImmutable(), _parsed.ToImmutable(), _reader.Flags, _isIncomplete);
    }

    private void TopLevel()
    {
        if (_reader.At(Words.Definition)) _parsed.Add(_definitions.Parse());
        else if (_reader.At(Words.Use) && _reader.Next.Kind == TokenKind.Word) Use();
        else if (_reader.At(Words.Caveat)) NotSupported("caveats");
        else if (_reader.At(Words.Partial)) NotSupported("partials");
        else if (_reader.At(Words.Import)) NotSupported("imports");
        else Unexpected();
    }

    private void Use()
    {
        int start = _reader.Index;
        Token use = _reader.Take();
        if (_parsed.Count > 0) _reader.Report(Catalogue.UseAfterDefinition(use.Span));
        NameSyntax flag = _reader.TakeName();
        if (Words.FlagsNotSupported.Contains(flag.Text))
            _reader.ReportAlways(Catalogue.NotSupportedYet(flag.Span, $"`use {flag.Text}`"));
        else if (!Words.Flags.Contains(flag.Text))
            _reader.ReportAlways(Catalogue.UnknownFlag(flag.Span, flag.Text, _reader.Nearest(flag.Text, Words.Flags)));
        _reader.Flags.TurnOn(flag.Text);
        _useLines.Add(new UseSyntax(flag, _reader.RangeFrom(start)));
        if (!_reader.At(TokenKind.Terminator) && !_reader.At(TokenKind.End)) _reader.ReportExpected("the end of the line");
    }

    private void NotSupported(string what)
    {
        _reader.Report(Catalogue.NotSupportedYet(_reader.Current.Span, what));
        SkipToNextTopLevel();
    }

    private void Unexpected()
    {
        string found = _reader.Current.Text;
        _reader.Report(Catalogue.ExpectedDefinition(_reader.Current.Span, found, _reader.Nearest(found, Words.TopLevel)));
        SkipToNextTopLevel();
    }

    /// <summary>Skips at least one token, and braces with all they hold.</summary>
    private void SkipToNextTopLevel()
    {
        _isIncomplete = true;
        int open = 0;
        do
        {
            TokenKind skipped = _reader.Take().Kind;
            if (skipped == TokenKind.OpenBrace) open++;
            if (skipped == TokenKind.CloseBrace && --open <= 0) return;
        }
        while (!_reader.At(TokenKind.End) && !(StartsTopLevel() && _reader.Current.OnNewLine));
    }

    private bool StartsTopLevel() =>
        _reader.At(Words.Definition) || _reader.At(Words.Caveat)
        || (_reader.At(Words.Use) && _reader.Next.Kind == TokenKind.Word)
        || (_reader.At(Words.Partial) && _reader.Next.Kind == TokenKind.Word)
        || (_reader.At(Words.Import) && _reader.Next.Kind is TokenKind.String or TokenKind.Bad);
}
