namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What a name or word stands for.</summary>
public enum NameKind { Definition, Partial, Caveat, Parameter, Relation, Permission, Keyword }

/// <summary>Something that could be written at a place.</summary>
/// <param name="Text">To put in place of what is there of the word, <paramref name="Replaces"/>.</param>
/// <param name="Detail">Its declaration, or whose it is; null: nothing to say.</param>
/// <param name="Help">Markdown; null: none.</param>
public sealed record Completion(string Text, NameKind Kind, TextSpan Replaces, string? Detail, string? Help);
