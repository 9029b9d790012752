using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>
/// Reads a validation file: SpiceDB's keys <c>schema</c>, <c>schemaFile</c>, <c>relationships</c>, <c>assertions</c>,
/// <c>validation</c>, and ours, <c>relationshipsFile</c>, <c>at</c>, <c>decisions</c>.
/// </summary>
internal sealed class ValidationFileReader
{
    private static readonly string[] Keys =
        ["schema", "schemaFile", "relationships", "relationshipsFile", "at", "assertions", "validation", "decisions"];

    private readonly YamlReader _yaml;
    private readonly List<FileDiagnostic> _errors;
    private readonly List<LocatedTuple> _tuples = [];
    private readonly List<ValidationTest> _tests = [];
    private MappedText? _schema;
    private Instant? _at;

    private ValidationFileReader(YamlReader yaml, List<FileDiagnostic> errors)
    {
        _yaml = yaml;
        _errors = errors;
    }

    /// <summary>The file, or null when errors were added.</summary>
    public static ValidationFile? Read(SourceText source, List<FileDiagnostic> errors)
    {
        YamlReader yaml = new(source, errors);
        return yaml.Document() is { } root ? new ValidationFileReader(yaml, errors).Read(root) : null;
    }

    private ValidationFile? Read(YamlNode root)
    {
        foreach (YamlEntry entry in _yaml.Entries(root, "a validation file", Keys)) ReadEntry(entry);
        if (_schema is null && _errors.Count == 0)
            _errors.Add(_yaml.Source.Error(new LinePosition(1, 1), 1, "the file has no schema", "add `schema: |` or `schemaFile: ./schema.authz`"));
        return _schema is null || _errors.Count > 0 ? null : new ValidationFile(_schema, [.. _tuples], _at, [.. _tests]);
    }

    private void ReadEntry(YamlEntry entry)
    {
        if (YamlReader.IsNull(entry.Value)) return;
        switch (entry.Key)
        {
            case "schema": SetSchema(entry, _yaml.Scalar(entry.Value, "`schema`") is { } text ? _yaml.Mapped(text) : null); break;
            case "schemaFile": SetSchema(entry, FileNamed(entry.Value, "`schemaFile`")); break;
            case "relationships": AddTuples(_yaml.Scalar(entry.Value, "`relationships`") is { } block ? _yaml.Mapped(block) : null); break;
            case "relationshipsFile": AddFiles(entry.Value); break;
            case "at": _at = TestReader.InstantOf(_yaml, entry); break;
            case "assertions": _tests.AddRange(AssertionReader.Read(_yaml, entry.Value)); break;
            case "validation": _tests.AddRange(ExpectedSubjectsReader.Read(_yaml, entry.Value)); break;
            case "decisions": _tests.AddRange(DecisionReader.Read(_yaml, _errors, entry.Value)); break;
        }
    }

    private void SetSchema(YamlEntry entry, MappedText? schema)
    {
        if (_schema is not null) _yaml.Error(entry.KeyNode, "the file has two schemas", "keep `schema` or `schemaFile`, not both");
        _schema = schema;
    }

    private void AddTuples(MappedText? text)
    {
        if (text is not null) _tuples.AddRange(RelationshipText.Read(text, _errors));
    }

    // One path, or a list of them.
    private void AddFiles(YamlNode node)
    {
        foreach (YamlNode item in node is YamlScalarNode one ? [one] : _yaml.Items(node, "`relationshipsFile`"))
            AddTuples(FileNamed(item, "a path of `relationshipsFile`"));
    }

    // Paths start at the validation file's folder.
    private MappedText? FileNamed(YamlNode node, string what)
    {
        if (_yaml.Text(node, what) is not { } name) return null;
        string path = Path.Combine(Path.GetDirectoryName(_yaml.Source.Name) ?? "", name);
        try
        {
            return new SourceText(path, File.ReadAllText(path)).Whole();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _yaml.Error(node, $"`{name}` can't be read: {problem.Message}");
            return null;
        }
    }
}
