namespace AuthzGraph.SchemaCompiler;

// Ids are dense within one compiled schema: each indexes the list of its kind. They mean nothing to another schema.

/// <summary>Index into <see cref="CompiledSchema.Types"/>.</summary>
public readonly record struct TypeId(ushort Value);

/// <summary>A relation or permission of one type: index into <see cref="CompiledSchema.Members"/>.</summary>
public readonly record struct MemberId(ushort Value);

/// <summary>What one relation may hold: index into <see cref="CompiledSchema.EdgeTypes"/>.</summary>
public readonly record struct EdgeTypeId(ushort Value);

/// <summary>Index into <see cref="CompiledSchema.Caveats"/>.</summary>
public readonly record struct CaveatId(ushort Value);
