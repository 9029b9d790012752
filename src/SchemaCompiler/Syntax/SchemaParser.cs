using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Tokens → the syntax tree of a whole text; goes on after an error at the next thing it knows.</summary>
internal sealed class SchemaParser
{
    private readonly TokenReader _reader;
    private readonly DefinitionParser _definitions;
    private readonly CaveatParser _caveats;
    private readonly ImmutableArray<UseSyntax>.Builder _useLines = ImmutableArray.CreateBuilder<UseSyntax>();
    private readonly ImmutableArray<TopLevelSyntax>.Builder _parsed = ImmutableArray.CreateBuilder<TopLevelSyntax>();
    private bool _isIncomplete;

    private SchemaParser(TokenReader reader)
    {
        _reader = reader;
        _definitions = new DefinitionParser(reader);
        _caveats = new CaveatParser(reader);
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
        diagnostics.Add(Catalogue.TextTooLong(new TextSpan(source.Start, 0), source.Utf8Bytes, limit));
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
        else if (_reader.At(Words.Caveat)) _parsed.Add(_caveats.Parse());
        else if (_reader.At(Words.Partial) && _reader.Next.Kind == TokenKind.Word) Partial();
        else if (_reader.At(Words.Import)) Import();
        else Unexpected();
    }

    private void Use()
    {
        int start = _reader.Index;
        Token use = _reader.Take();
        if (_parsed.Any(parsed => parsed is not ImportSyntax)) _reader.Report(Catalogue.UseAfterDefinition(use.Span));
        NameSyntax flag = _reader.TakeName();
        if (!Words.Flags.Contains(flag.Text))
            _reader.ReportAlways(Catalogue.UnknownFlag(flag.Span, flag.Text, _reader.Nearest(flag.Text, Words.Flags)));
        _reader.Flags.TurnOn(flag.Text);
        _useLines.Add(new UseSyntax(flag, _reader.RangeFrom(start)));
        if (!_reader.At(TokenKind.Terminator) && !_reader.At(TokenKind.End)) _reader.ReportExpected("the end of the line");
    }

    private void Partial()
    {
        if (!_reader.Flags.Partial) _reader.Report(Catalogue.NeedsUse(_reader.Current.Span, Words.Partial, Words.Partial));
        _parsed.Add(_definitions.Parse());
    }

    private void Import()
    {
        int start = _reader.Index;
        if (!_reader.Flags.Import) _reader.Report(Catalogue.NeedsUse(_reader.Current.Span, Words.Import, Words.Import));
        _reader.Take();
        NameSyntax path = new("", new TextSpan(_reader.Current.Span.Start, 0));
        if (!_reader.At(TokenKind.String))
        {
            _reader.ReportExpected("the path of a file, in quotes,");
            _isIncomplete = true;
            if (_reader.At(TokenKind.Bad)) _reader.Take();
        }
        else path = _reader.TakeName() is var quoted ? quoted with { Text = CelText.Unquoted(quoted.Text) } : path;
        _parsed.Add(new ImportSyntax(path, _reader.Flags.Import, _reader.RangeFrom(start)));
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
