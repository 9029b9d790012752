using AuthzGraph.Model;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>
/// A CheckRequest or a CheckBatchItem where it lies, its texts in UTF-8: a check is asked too often to make objects of its messages. A field that
/// comes twice counts as protobuf has it: the last value, and messages merged.
/// </summary>
internal readonly ref struct CheckFields
{
    // a CheckBatchItem has the same numbers
    private const uint ConsistencyTag = Protocol.V1.CheckRequest.ConsistencyFieldNumber << 3 | FieldReader.Length;
    private const uint ResourceTag = Protocol.V1.CheckRequest.ResourceFieldNumber << 3 | FieldReader.Length;
    private const uint PermissionTag = Protocol.V1.CheckRequest.PermissionFieldNumber << 3 | FieldReader.Length;
    private const uint SubjectTag = Protocol.V1.CheckRequest.SubjectFieldNumber << 3 | FieldReader.Length;
    private const uint ActingTag = Protocol.V1.CheckRequest.ActingFieldNumber << 3 | FieldReader.Length;
    private const uint ExplainTag = Protocol.V1.CheckRequest.ExplainFieldNumber << 3 | FieldReader.Varint;
    private const uint ContextTag = Protocol.V1.CheckRequest.ContextFieldNumber << 3 | FieldReader.Length;
    private const uint SeekRemediesTag = Protocol.V1.CheckRequest.SeekRemediesFieldNumber << 3 | FieldReader.Varint;

    private readonly ReadOnlySpan<byte> _message;
    private readonly ReadOnlySpan<byte> _permission;
    private readonly ObjectFields _resource;
    private readonly SubjectFields _subject;
    private readonly Struct? _context;
    private readonly bool _isActing;

    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public CheckFields(ReadOnlySpan<byte> message)
    {
        _message = message;
        var fields = new FieldReader(message);
        while (fields.Next())
            switch (fields.Tag)
            {
                case ResourceTag: _resource.Read(fields.Content); break;
                case PermissionTag: _permission = fields.Content; break;
                case SubjectTag: _subject.Read(fields.Content); break;
                case ActingTag: _isActing = true; break;
                case ConsistencyTag: Consistency = Merged.With(Consistency, fields.Content); break;
                case ContextTag: _context = Merged.With(_context, fields.Content); break;
                case ExplainTag: Explain = fields.Number != 0; break;
                case SeekRemediesTag: SeekRemedies = fields.Number != 0; break;
            }
        if (_isActing) _ = Acting;
    }

    public Protocol.V1.Consistency? Consistency { get; }

    public bool Explain { get; }

    public bool SeekRemedies { get; }

    /// <exception cref="RejectionException">A name is missing or none.</exception>
    public CheckQuestion ToQuestion(CheckNames names) => new(
        names.Resource(_resource, "resource"), names.Permission(_permission), names.Subject(_subject), _isActing ? Acting.ToModel(names) : default, Contexts.ToJson(_context));

    // most questions have none, so it is looked for again rather than carried along
    private ActingFields Acting
    {
        get
        {
            ActingFields acting = default;
            var fields = new FieldReader(_message);
            while (fields.Next())
                if (fields.Tag == ActingTag) acting.Read(fields.Content);
            return acting;
        }
    }
}

/// <summary>An ObjectReference.</summary>
internal ref struct ObjectFields
{
    private const uint TypeTag = Protocol.V1.ObjectReference.TypeFieldNumber << 3 | FieldReader.Length;
    private const uint IdTag = Protocol.V1.ObjectReference.IdFieldNumber << 3 | FieldReader.Length;

    public bool AreGiven { get; private set; }

    public ReadOnlySpan<byte> Type { get; private set; }

    public ReadOnlySpan<byte> Id { get; private set; }

    public void Read(ReadOnlySpan<byte> message)
    {
        AreGiven = true;
        var fields = new FieldReader(message);
        while (fields.Next())
            if (fields.Tag == TypeTag) Type = fields.Content;
            else if (fields.Tag == IdTag) Id = fields.Content;
    }
}

/// <summary>A SubjectReference.</summary>
internal ref struct SubjectFields
{
    private const uint ObjectTag = Protocol.V1.SubjectReference.ObjectFieldNumber << 3 | FieldReader.Length;
    private const uint RelationTag = Protocol.V1.SubjectReference.RelationFieldNumber << 3 | FieldReader.Length;

    private ObjectFields _object;

    public bool AreGiven { get; private set; }

    public readonly ObjectFields Object => _object;

    public ReadOnlySpan<byte> Relation { get; private set; }

    public void Read(ReadOnlySpan<byte> message)
    {
        AreGiven = true;
        var fields = new FieldReader(message);
        while (fields.Next())
            if (fields.Tag == ObjectTag) _object.Read(fields.Content);
            else if (fields.Tag == RelationTag) Relation = fields.Content;
    }
}

/// <summary>An Acting.</summary>
internal ref struct ActingFields
{
    private const uint DelegationTag = Protocol.V1.Acting.DelegationFieldNumber << 3 | FieldReader.Length;
    private const uint OnBehalfOfTag = Protocol.V1.Acting.OnBehalfOfFieldNumber << 3 | FieldReader.Length;
    private const uint TaskTag = Protocol.V1.Acting.TaskFieldNumber << 3 | FieldReader.Length;

    private ObjectFields _delegation;
    private ObjectFields _onBehalfOf;
    private ObjectFields _task;

    public void Read(ReadOnlySpan<byte> message)
    {
        var fields = new FieldReader(message);
        while (fields.Next())
            if (fields.Tag == DelegationTag) _delegation.Read(fields.Content);
            else if (fields.Tag == OnBehalfOfTag) _onBehalfOf.Read(fields.Content);
            else if (fields.Tag == TaskTag) _task.Read(fields.Content);
    }

    public readonly Acting ToModel(CheckNames names) => new(
        names.ResourceIfGiven(_delegation, "acting.delegation"),
        names.ResourceIfGiven(_onBehalfOf, "acting.on_behalf_of"),
        names.ResourceIfGiven(_task, "acting.task"));
}
